// SPDX-License-Identifier: Apache-2.0
#include "server/http/connection.hpp"

#include "server/exchange/memory_file.hpp"
#include "server/http/answer.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

namespace ardoise {

namespace {

using ErrorCode = boost::system::error_code;

constexpr std::size_t read_size = 4096;
constexpr std::chrono::seconds lingering{2};
/// After so many requests read from one buffer the other connections of the thread get their turn.
constexpr int longest_row = 32;

bool would_block(ErrorCode const& trouble)
{
    return trouble == asio::error::would_block || trouble == asio::error::try_again;
}

/// Whoever ends sending has left, as nginx takes it. To be asked on the thread of the socket's context, which
/// alone closes sockets.
bool has_left(Socket& client)
{
    pollfd state{.fd = client.native_handle(), .events = POLLRDHUP, .revents = 0};
    return ::poll(&state, 1, 0) > 0; // POLLHUP and POLLERR come unasked
}

asio::const_buffer as_buffer(ByteView bytes)
{
    return {bytes.data(), bytes.size()};
}

} // namespace

Connection::Connection(Socket socket, Surroundings const& surroundings)
    : socket_{std::move(socket)}, surroundings_{surroundings}, reader_{surroundings.options},
      received_{surroundings.options.max_header_bytes + read_size}
{
    ErrorCode ignored; // a client that has left already is noticed at the first read
    socket_.non_blocking(true, ignored);
}

Awaitable<void> Connection::serve()
{
    using Progress = RequestReader::Progress;
    while (!leaving_) {
        switch (reader_.feed(received_)) {
        case Progress::more:
            co_await receive();
            break;
        case Progress::awaited:
            co_await invite();
            break;
        case Progress::whole:
            co_await answer();
            break;
        case Progress::refused:
            co_await refuse();
            break;
        }
    }
    close();
}

void Connection::sweep()
{
    if (surroundings_.ticks > deadline_)
        sent_ < head_.size() + body_.size() ? cut() : close();
    else if (forsake_work_ && has_left(socket_))
        forsake_work_();
}

void Connection::stop()
{
    ErrorCode ignored;
    if (is_receiving_ && reader_.is_idle())
        socket_.cancel(ignored);
}

void Connection::close()
{
    ErrorCode ignored;
    socket_.close(ignored);
}

/// Without what the client has not taken: the kernel would keep that for minutes.
void Connection::cut()
{
    ErrorCode ignored;
    socket_.set_option(Socket::linger{true, 0}, ignored);
    close();
}

void Connection::leave()
{
    leaving_ = true;
}

void Connection::set_deadline(std::chrono::seconds from_now)
{
    deadline_ = surroundings_.ticks + from_now.count();
}

/// A request has one deadline, from its first byte to its last: trickling bytes does not move it.
void Connection::set_reading_deadline()
{
    if (reader_.is_idle())
        set_deadline(surroundings_.options.idle_timeout);
    else if (!std::exchange(reading_deadline_is_set_, true))
        set_deadline(surroundings_.options.request_timeout);
}

Awaitable<void> Connection::receive()
{
    in_a_row_ = 0;
    if (surroundings_.stopping && reader_.is_idle()) {
        take_what_is_here();
        co_return;
    }
    set_reading_deadline();
    ErrorCode trouble;
    auto const room = received_.prepare(std::min(read_size, received_.max_size() - received_.size()));
    is_receiving_ = true;
    auto const bytes = co_await socket_.async_read_some(room, awaiting(trouble));
    is_receiving_ = false;
    bool const woken_by_stop = trouble == asio::error::operation_aborted && socket_.is_open();
    if (!woken_by_stop)
        received(bytes, trouble);
}

/// A request that arrived before the server stopped is still answered.
void Connection::take_what_is_here()
{
    ErrorCode trouble;
    auto const bytes = socket_.read_some(received_.prepare(read_size), trouble);
    received(bytes, trouble);
}

void Connection::received(std::size_t bytes, ErrorCode const& trouble)
{
    received_.commit(bytes);
    if (trouble)
        leave();
}

Persistence Connection::persistence() const
{
    if (surroundings_.stopping || !reader_.keep_alive())
        return Persistence::close;
    return reader_.is_http_1_0() ? Persistence::keep_and_say_so : Persistence::keep;
}

Awaitable<void> Connection::answer()
{
    auto reply = ask(surroundings_.handler, reader_.request());
    if (auto* work = std::get_if<Work>(&reply))
        reply = co_await wait_for(std::move(*work));
    if (leaving_)
        co_return;
    auto const kept = persistence();
    compose(std::get<Response>(reply), kept);
    if (!send_at_once())
        co_await send_slowly(std::get<Response>(reply).body);
    reader_.next();
    reading_deadline_is_set_ = false;
    if (kept == Persistence::close) {
        if (has_unread_bytes())
            co_await linger();
        leave();
    } else if (++in_a_row_ >= longest_row) {
        in_a_row_ = 0;
        co_await asio::post(socket_.get_executor(), use_awaitable);
    }
}

/// Done on another thread; this coroutine sleeps meanwhile, so what it lends stays.
Awaitable<Response> Connection::wait_for(Work work)
{
    // Shared with what wakes this coroutine, which may have ended by then.
    auto const told = std::make_shared<Timer>(socket_.get_executor(), Timer::time_point::max());
    WorkPool::Outcome outcome;
    auto const wake = [told] { told->cancel(); };
    WorkPool::Waiter waiter{[&outcome, wake, executor = socket_.get_executor()](auto const& made) {
        outcome = made;
        asio::post(executor, wake);
    }};
    auto& pool = surroundings_.pools.of(work.kind);
    if (!pool.submit(std::move(work), waiter))
        co_return too_busy();
    deadline_ = never;
    forsake_work_ = [this, &waiter, &wake] {
        if (!waiter.give_up())
            return; // told already, and about to wake
        leave();
        wake();
    };
    ErrorCode ignored; // always "cancelled"
    co_await told->async_wait(awaiting(ignored));
    forsake_work_ = nullptr;
    co_return outcome ? complete(*outcome, reader_.request()) : too_busy();
}

Awaitable<void> Connection::refuse()
{
    auto response = refusal(reader_.refusal_status());
    compose(response, Persistence::close);
    if (!send_at_once())
        co_await send_rest();
    co_await linger();
    leave();
}

Awaitable<void> Connection::invite()
{
    head_ = "HTTP/1.1 100 Continue\r\n\r\n";
    body_ = {};
    file_ = std::nullopt;
    sent_ = 0;
    if (!send_at_once())
        co_await send_rest();
}

void Connection::compose(Response& response, Persistence persistence)
{
    head_.clear();
    append_head(head_, response, surroundings_.date, persistence,
                surroundings_.options.any_page_may_read ? Readers::any_page : Readers::same_site);
    surroundings_.counts.responses[static_cast<std::size_t>(response.status / 100)].add(1);
    bool const is_sent = may_have_body(response.status) && reader_.request().method != Method::head;
    if (!is_sent)
        response.body = {}; // nothing holds it while the head waits for its client
    body_ = response.body.view;
    file_ = body_.size() >= smallest_sent_from_file ? response.body.place : std::nullopt;
    sent_ = 0;
}

std::array<asio::const_buffer, 2> Connection::unsent() const
{
    auto const of_head = std::min(sent_, head_.size());
    return {as_buffer(as_bytes(head_).subspan(of_head)), as_buffer(body_.subspan(sent_ - of_head))};
}

/// Without waiting: would_block when the socket takes nothing.
std::size_t Connection::write_some(ErrorCode& trouble)
{
    return file_ ? send_from_file(trouble) : socket_.write_some(unsent(), trouble);
}

/// The head is copied, and held back until the body joins it; the body's pages go to the socket as they are.
std::size_t Connection::send_from_file(ErrorCode& trouble)
{
    auto const socket = socket_.native_handle();
    std::size_t from_head = 0;
    if (sent_ < head_.size()) {
        auto const bytes =
            ::send(socket, head_.data() + sent_, head_.size() - sent_, MSG_MORE | MSG_NOSIGNAL);
        if (bytes < 0) {
            trouble.assign(errno, boost::system::system_category());
            return 0;
        }
        from_head = static_cast<std::size_t>(bytes);
    }
    if (sent_ + from_head < head_.size())
        return from_head;
    auto const of_body = sent_ + from_head - head_.size();
    auto offset = static_cast<off_t>(file_->offset + of_body);
    auto const bytes = ::sendfile(socket, file_->descriptor, &offset, body_.size() - of_body);
    if (bytes < 0 && errno == EINVAL)
        file_ = std::nullopt; // some file systems know mappings only: copied from here on
    else if (bytes < 0 && from_head == 0)
        trouble.assign(errno, boost::system::system_category());
    else if (bytes == 0)
        trouble = asio::error::eof; // the file has become shorter
    return from_head + static_cast<std::size_t>(std::max<ssize_t>(bytes, 0));
}

/// The usual road: the socket takes all of it, and no wait is needed. False when something remains.
bool Connection::send_at_once()
{
    ErrorCode trouble;
    auto const bytes = write_some(trouble);
    if (would_block(trouble))
        return false;
    sent(bytes, trouble);
    return leaving_ || sent_ == head_.size() + body_.size();
}

/// What lies in memory of its own gives way when that is wanted for others.
Awaitable<void> Connection::send_slowly(SharedBytes const& body)
{
    if (!body.owner || body.place || body_.empty()) {
        co_await send_rest();
        co_return;
    }
    auto const sending = std::make_shared<bool>(true); // no longer than this coroutine
    auto const cut_if_sending = [this, still = std::weak_ptr{sending}] {
        if (still.lock())
            cut();
    };
    auto const let_go = [executor = socket_.get_executor(), cut_if_sending] {
        asio::post(executor, cut_if_sending);
    };
    UnsentBodies::Hold hold{surroundings_.unsent, body, let_go};
    hold_ = &hold;
    tell_hold();
    co_await send_rest();
    hold_ = nullptr;
}

void Connection::tell_hold()
{
    if (hold_ && sent_ > head_.size())
        hold_->took(sent_ - head_.size());
}

Awaitable<void> Connection::send_rest()
{
    constexpr std::size_t slowest = 16 << 10; // bytes a second: who takes less holds memory for nothing
    auto const size = head_.size() + body_.size();
    auto const idle = surroundings_.options.write_timeout;
    auto const end = surroundings_.ticks + (idle + std::chrono::seconds{size / slowest}).count();
    while (!leaving_ && sent_ < size) {
        set_deadline(idle);
        deadline_ = std::min(deadline_, end);
        ErrorCode trouble;
        co_await socket_.async_wait(Socket::wait_write, awaiting(trouble));
        auto const bytes = trouble ? 0 : write_some(trouble);
        if (!would_block(trouble))
            sent(bytes, trouble);
    }
}

void Connection::sent(std::size_t bytes, ErrorCode const& trouble)
{
    sent_ += bytes;
    tell_hold();
    surroundings_.counts.bytes_sent.add(bytes);
    if (trouble) {
        close();
        leave();
    }
}

bool Connection::has_unread_bytes() const
{
    ErrorCode ignored;
    return received_.size() > 0 || socket_.available(ignored) > 0;
}

/// Closing over unread bytes would reset the connection and could take the response with it: let the client
/// read it and close first.
Awaitable<void> Connection::linger()
{
    ErrorCode trouble;
    socket_.shutdown(Socket::shutdown_send, trouble);
    set_deadline(lingering);
    while (!trouble) {
        received_.clear();
        co_await socket_.async_read_some(received_.prepare(read_size), awaiting(trouble));
    }
}

} // namespace ardoise
