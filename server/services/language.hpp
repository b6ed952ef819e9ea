// SPDX-License-Identifier: Apache-2.0
// The language of an answer: the one that a request asks for, or else the service's own.
#pragma once

#include "server/catalog/service_description.hpp"
#include "server/exchange/request.hpp"
#include "server/render/language.hpp"

#include <string>

namespace ardoise {

/// The service's own, as a language tag (BCP 47): "fr".
std::string language_of(ServiceDescription const& service);

/// LANGUAGE, which INSPIRE has for all requests, or else the service's own.
std::string wanted_language(Query const& query, ServiceDescription const& service);

/// Of the words that we write ourselves: English for those who want neither that nor French.
Language spoken_language(std::string_view tag);

} // namespace ardoise
