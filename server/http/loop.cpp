// SPDX-License-Identifier: Apache-2.0
#include "server/http/loop.hpp"

#include "pyramid/base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <limits>
#include <utility>

#include <netinet/tcp.h>
#include <sys/socket.h>

namespace ardoise {

namespace {

using ErrorCode = boost::system::error_code;
using boost::asio::ip::tcp;

constexpr std::chrono::seconds one_tick{1};
constexpr std::chrono::milliseconds accept_pause{100};
constexpr std::int64_t ticks_between_complaints = 60;

/// What each loop's own socket on the same port needs; the kernel then shares the clients out.
void share_port(Acceptor& acceptor, ErrorCode& trouble)
{
    int const yes = 1;
    if (::setsockopt(acceptor.native_handle(), SOL_SOCKET, SO_REUSEPORT, &yes, sizeof yes) != 0)
        trouble.assign(errno, boost::system::system_category());
}

/// Each client's socket has it from here: how much of a response the kernel takes before the network does. Of
/// a client that does not read it would be megabytes.
void limit_unsent(Acceptor& acceptor, ErrorCode& trouble)
{
    int const bytes = 256 << 10;
    if (::setsockopt(acceptor.native_handle(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes) != 0)
        trouble.assign(errno, boost::system::system_category());
}

void log_exception(std::exception_ptr const& exception)
{
    try {
        if (exception)
            std::rethrow_exception(exception);
    } catch (std::exception const& error) {
        log(LogLevel::error, "connection failed", {{"what", error.what()}});
    } catch (...) {
        log(LogLevel::error, "connection failed", {{"what", "an exception of unknown type"}});
    }
}

} // namespace

bool ConnectionCount::enter()
{
    if (open_.fetch_add(1) < limit_)
        return true;
    leave();
    return false;
}

// The context is used by one thread, so it needs no locks around its sockets.
Loop::Loop(HttpOptions const& options, Handler const& handler, WorkPools& pools, ConnectionCount& count,
           UnsentBodies& unsent)
    : surroundings_{.options = options,
                    .handler = handler,
                    .pools = pools,
                    .counts = counts_,
                    .unsent = unsent},
      count_{count}, last_tick_{std::numeric_limits<std::int64_t>::max()},
      context_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO}, acceptor_{context_.get_executor()},
      tick_timer_{context_.get_executor()}
{
}

void Loop::listen(tcp::endpoint const& endpoint, ErrorCode& trouble)
{
    acceptor_.open(endpoint.protocol(), trouble);
    if (!trouble)
        acceptor_.set_option(Acceptor::reuse_address{true}, trouble);
    if (!trouble)
        share_port(acceptor_, trouble);
    if (!trouble)
        acceptor_.set_option(tcp::no_delay{true}, trouble); // Linux: each client's socket has it from here
    if (!trouble)
        limit_unsent(acceptor_, trouble);
    if (!trouble)
        acceptor_.bind(endpoint, trouble);
    if (!trouble)
        acceptor_.listen(asio::socket_base::max_listen_connections, trouble);
    if (!trouble)
        acceptor_.non_blocking(true, trouble);
}

std::uint16_t Loop::port() const
{
    return acceptor_.local_endpoint().port();
}

void Loop::run()
{
    tick();
    asio::co_spawn(context_, accept_clients(), asio::detached);
    asio::co_spawn(context_, keep_time(), asio::detached);
    context_.run();
}

void Loop::stop()
{
    asio::post(context_, [this] { begin_to_stop(); });
}

void Loop::begin_to_stop()
{
    if (std::exchange(surroundings_.stopping, true))
        return;
    last_tick_ = surroundings_.ticks + surroundings_.options.drain_timeout.count();
    admit_those_waiting();
    ErrorCode ignored;
    acceptor_.close(ignored);
    for (auto& connection : connections_)
        connection.stop();
    if (connections_.empty())
        tick_timer_.cancel();
}

Awaitable<void> Loop::accept_clients()
{
    while (acceptor_.is_open()) {
        ErrorCode trouble;
        auto socket = co_await acceptor_.async_accept(awaiting(trouble));
        if (!trouble)
            admit(std::move(socket));
        else if (acceptor_.is_open())
            co_await pause_accepting(trouble);
    }
}

/// Mostly "too many open files": the clients wait in the kernel's queue until some connection ends.
Awaitable<void> Loop::pause_accepting(ErrorCode trouble)
{
    if (surroundings_.ticks >= next_complaint_) {
        next_complaint_ = surroundings_.ticks + ticks_between_complaints;
        log(LogLevel::warning, "cannot accept connections", {{"why", trouble.message()}});
    }
    Timer timer{context_.get_executor(), accept_pause};
    ErrorCode ignored;
    co_await timer.async_wait(awaiting(ignored));
}

void Loop::admit_those_waiting()
{
    for (;;) {
        ErrorCode trouble;
        Socket socket{context_.get_executor()};
        acceptor_.accept(socket, trouble);
        if (trouble)
            return;
        admit(std::move(socket));
    }
}

void Loop::admit(Socket socket)
{
    if (!count_.enter()) {
        counts_.connections_refused.add(1);
        return;
    }
    auto const place = connections_.emplace(connections_.end(), std::move(socket), surroundings_);
    auto farewell = [this, place](std::exception_ptr const& exception) {
        log_exception(exception);
        connections_.erase(place);
        count_.leave();
        if (surroundings_.stopping && connections_.empty())
            tick_timer_.cancel();
    };
    asio::co_spawn(context_, place->serve(), std::move(farewell));
}

Awaitable<void> Loop::keep_time()
{
    while (!(surroundings_.stopping && connections_.empty())) {
        tick_timer_.expires_after(one_tick);
        ErrorCode cancelled;
        co_await tick_timer_.async_wait(awaiting(cancelled));
        if (!cancelled)
            tick();
    }
}

void Loop::tick()
{
    ++surroundings_.ticks;
    surroundings_.date = http_date(std::chrono::system_clock::now());
    for (auto& connection : connections_)
        connection.sweep();
    surroundings_.pools.tell_who_waited_too_long();
    if (surroundings_.ticks > last_tick_)
        give_up();
}

/// The drain has taken too long: what is still being done is not waited for.
void Loop::give_up()
{
    for (auto& connection : connections_)
        connection.close();
    context_.stop();
}

} // namespace ardoise
