// The part of published_place.hpp that reads and writes places as text.
#include "common/base/parse.hpp"
#include "common/base/parse_network.hpp"
#include "common/base/paths.hpp"
#include "common/records/published_place.hpp"

#include <algorithm>

namespace rassist {

Result<PublishedPlace> PublishedPlace::parse(std::string_view text) {
	const std::size_t equals = text.find('=');
	if (equals == std::string_view::npos)
		return Error{Fault::invalid, quoted(text) + " is not a place: SERVICE=ADDRESS:PORT"};
	const Result<Service> service = parse_service(text.substr(0, equals));
	if (!service)
		return service.error();
	const Result<HostPort> where = parse_host_port(text.substr(equals + 1));
	if (!where)
		return where.error();
	Result<std::string> address = parse_public_address(where->host);
	if (!address)
		return std::move(address).error();
	return PublishedPlace{*service, *std::move(address), where->port};
}

std::string PublishedPlace::str() const {
	return std::string(format_service(service)) + "=" + HostPort{address, port}.str();
}

std::string format_reach_command(const PublishedPlace& place) {
	if (place.service == Service::http)
		return "http://" + HostPort{place.address, place.port}.str() + "/";
	return "ssh -p " + std::to_string(place.port) + " " + kAssistAccount + "@" + place.address;
}

Result<std::vector<PublishedPlace>> parse_published_places(std::string_view text) {
	const std::vector<std::string> words = split_words(text);
	if (words.size() > kPublishedPlacesMost)
		return Error{
			Fault::invalid, "more than " + std::to_string(kPublishedPlacesMost) + " places"};
	std::vector<PublishedPlace> places;
	for (const std::string& word : words) {
		Result<PublishedPlace> place = PublishedPlace::parse(word);
		if (!place)
			return std::move(place).error();
		if (std::find(places.begin(), places.end(), *place) != places.end())
			return Error{Fault::invalid, quoted(word) + " is named twice"};
		places.push_back(*std::move(place));
	}
	return places;
}

std::string format_published_places(const std::vector<PublishedPlace>& places) {
	std::string text;
	for (const PublishedPlace& place : places)
		text += (text.empty() ? "" : " ") + place.str();
	return text;
}

}    // namespace rassist
