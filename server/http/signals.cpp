// SPDX-License-Identifier: Apache-2.0
#include "pyramid/base/log.hpp"
#include "server/http/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <csignal>
#include <exception>
#include <thread>
#include <utility>

namespace ardoise {

class SignalWatcher::Impl {
public:
    explicit Impl(std::function<void(int)> on_signal) : on_signal_{std::move(on_signal)}
    {
        wait();
        thread_ = std::jthread{[this] { context_.run(); }};
    }

    ~Impl() { context_.stop(); }

private:
    void wait()
    {
        signals_.async_wait([this](boost::system::error_code const& trouble, int number) {
            if (trouble)
                return;
            report(number);
            wait();
        });
    }

    void report(int number)
    {
        try {
            on_signal_(number);
        } catch (std::exception const& error) {
            log(LogLevel::error, "signal not handled",
                {{"signal", std::to_string(number)}, {"what", error.what()}});
        }
    }

    std::function<void(int)> on_signal_;
    boost::asio::io_context context_{1};
    boost::asio::signal_set signals_{context_, SIGTERM, SIGINT, SIGHUP};
    std::jthread thread_; // last: it uses all of the above
};

SignalWatcher::SignalWatcher(std::function<void(int)> on_signal)
    : impl_{std::make_unique<Impl>(std::move(on_signal))}
{
}

SignalWatcher::~SignalWatcher() = default;

} // namespace ardoise
