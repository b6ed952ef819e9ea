-- SPDX-License-Identifier: Apache-2.0
-- For wrk: asks for the lines of a list in turn, over and over, and ends with one line of JSON.
--
--   wrk -s requests.lua URL -- LIST [close] [pause=MILLISECONDS]
--
-- A line is a path, and after a space a header to send with it, if any. "close" asks the server to close the
-- connection after each answer; with "pause" each connection rests before a request, half to one and a half times as
-- long. Requests are put together before the first is sent.

local requests = {}
local last = 0
local pause = 0

function init(arguments)
    local close = false
    for _, word in ipairs(arguments) do
        close = close or word == "close"
        pause = tonumber(word:match("^pause=(%d+)$")) or pause
    end
    if pause == 0 then delay = nil end
    for line in io.lines(arguments[1]) do
        local path, name, value = line:match("^(%S+) ?([^:]*):? ?(.*)$")
        local headers = {}
        if name ~= "" then headers[name] = value end
        if close then headers["Connection"] = "close" end
        requests[#requests + 1] = wrk.format("GET", path, headers)
    end
end

function request()
    last = last % #requests + 1
    return requests[last]
end

function delay()
    return math.floor(pause * (0.5 + math.random()))
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '\n{"requests": %d, "seconds": %.6f, "bytes": %d, "refused": %d, "broken": %d, "p50": %.1f, "p99": %.1f, "p999": %.1f}\n',
        summary.requests, summary.duration / 1e6, summary.bytes, errors.status,
        errors.connect + errors.read + errors.write + errors.timeout,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
