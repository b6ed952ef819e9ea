-- SPDX-License-Identifier: Apache-2.0
-- For wrk: asks for the lines of a list in turn, over and over, and ends with one line of JSON.
--
--   wrk -s requests.lua URL -- LIST [close]
--
-- A line is a path, and after a space the tag to send as If-None-Match, if any. "close" asks the server to
-- close the connection after each answer. Requests are put together before the first is sent.

local requests = {}
local last = 0

function init(arguments)
    for line in io.lines(arguments[1]) do
        local path, tag = line:match("^(%S+) ?(.*)$")
        local headers = {}
        if tag ~= "" then headers["If-None-Match"] = tag end
        if arguments[2] == "close" then headers["Connection"] = "close" end
        requests[#requests + 1] = wrk.format("GET", path, headers)
    end
end

function request()
    last = last % #requests + 1
    return requests[last]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\n{"requests": %d, "seconds": %.6f, "bytes": %d, "refused": %d, "broken": %d, "p50": %.1f, "p99": %.1f}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout,
        latency:percentile(50), latency:percentile(99)))
end
