// SPDX-License-Identifier: Apache-2.0
#include "server/http/server.hpp"

#include "pyramid/base/failure.hpp"
#include "server/http/loop.hpp"

#include <algorithm>
#include <csignal>
#include <thread>
#include <utility>
#include <vector>

namespace ardoise {

namespace {

using boost::asio::ip::tcp;

HttpOptions with_defaults(HttpOptions options)
{
    auto const cores = std::max(1U, std::thread::hardware_concurrency());
    if (options.io_threads == 0)
        options.io_threads = cores;
    if (options.render_threads == 0)
        options.render_threads = cores;
    return options;
}

std::string_view remedy_for(boost::system::error_code const& trouble)
{
    if (trouble == asio::error::address_in_use)
        return "stop the program that holds the port or choose another one";
    if (trouble == asio::error::access_denied)
        return "choose a port from 1024 up, or let the program use lower ones (CAP_NET_BIND_SERVICE)";
    return "give an address of this machine, such as 127.0.0.1, or 0.0.0.0 for all of them";
}

void check(boost::system::error_code const& trouble, HttpOptions const& options)
{
    if (trouble)
        fail("cannot listen on {}:{}: {}; {}", options.address, options.port, trouble.message(),
             remedy_for(trouble));
}

asio::ip::address parse_address(std::string const& text, boost::system::error_code& trouble)
{
    return asio::ip::make_address(text == "localhost" ? "127.0.0.1" : text, trouble);
}

tcp::endpoint endpoint_of(HttpOptions const& options)
{
    boost::system::error_code trouble;
    auto const address = parse_address(options.address, trouble);
    check(trouble, options);
    return {address, options.port};
}

/// A port that is shared between our own sockets could be shared with another server of the same user as
/// well, without a word: a socket that does not share finds out.
void check_that_port_is_free(tcp::endpoint const& endpoint, HttpOptions const& options)
{
    asio::io_context context;
    tcp::acceptor probe{context};
    boost::system::error_code trouble;
    probe.open(endpoint.protocol(), trouble);
    check(trouble, options);
    probe.set_option(tcp::acceptor::reuse_address{true}, trouble);
    check(trouble, options);
    probe.bind(endpoint, trouble);
    check(trouble, options);
}

void add(LoopCounts const& some, HttpCounts& all)
{
    for (std::size_t i = 0; i < all.responses.size(); ++i)
        all.responses[i] += some.responses[i].read();
    all.bytes_sent += some.bytes_sent.read();
    all.connections_refused += some.connections_refused.read();
}

} // namespace

bool is_loopback(std::string const& address)
{
    boost::system::error_code trouble;
    return parse_address(address, trouble).is_loopback() && !trouble;
}

class HttpServer::Impl {
public:
    Impl(HttpOptions options, Handler handler)
        : options_{with_defaults(std::move(options))}, handler_{std::move(handler)},
          count_{options_.max_connections}, unsent_{options_.max_unsent_bytes},
          pools_{.drawing = {Work::Kind::drawing, options_.render_threads, options_.render_queue,
                             WorkPool::Patience{options_.queue_timeout, options_.work_timeout}},
                 .reading = {Work::Kind::reading, options_.reading_threads, options_.max_connections,
                             WorkPool::Patience{options_.queue_timeout, options_.work_timeout}}}
    {
        listen();
    }

    std::uint16_t port() const { return port_; }

    void run()
    {
        // A client, or a reader of the log, that has gone must not end the program.
        std::signal(SIGPIPE, SIG_IGN);
        std::vector<std::jthread> threads;
        for (auto& loop : loops_)
            threads.emplace_back([&loop] { loop->run(); });
        threads.clear();
        pools_.close();
    }

    void stop()
    {
        for (auto& loop : loops_)
            loop->stop();
    }

    HttpCounts counts() const
    {
        HttpCounts all{.connections = count_.open(),
                       .unsent_bytes = unsent_.bytes(),
                       .slow_clients_closed = unsent_.let_go_of(),
                       .drawing = pools_.drawing.counts(),
                       .reading = pools_.reading.counts()};
        for (auto const& loop : loops_)
            add(loop->counts(), all);
        return all;
    }

private:
    void listen()
    {
        auto endpoint = endpoint_of(options_);
        if (endpoint.port() != 0)
            check_that_port_is_free(endpoint, options_);
        for (unsigned i = 0; i < options_.io_threads; ++i) {
            auto& loop =
                loops_.emplace_back(std::make_unique<Loop>(options_, handler_, pools_, count_, unsent_));
            boost::system::error_code trouble;
            loop->listen(endpoint, trouble);
            check(trouble, options_);
            port_ = loop->port();
            endpoint.port(port_);
        }
    }

    HttpOptions const options_;
    Handler const handler_;
    ConnectionCount count_;
    UnsentBodies unsent_;
    std::uint16_t port_ = 0;
    std::vector<std::unique_ptr<Loop>> loops_;
    WorkPools pools_; // after the loops: what they still do uses their connections
};

HttpServer::HttpServer(HttpOptions options, Handler handler)
    : impl_{std::make_unique<Impl>(std::move(options), std::move(handler))}
{
}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const
{
    return impl_->port();
}

void HttpServer::run()
{
    impl_->run();
}

void HttpServer::stop()
{
    impl_->stop();
}

HttpCounts HttpServer::counts() const
{
    return impl_->counts();
}

} // namespace ardoise
