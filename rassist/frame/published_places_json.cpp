#include "rassist/frame/published_places_json.hpp"

namespace rassist::cli {

Json make_published_places_json(const std::vector<PublishedPlace>& places) {
	Json list = Json::array();
	for (const PublishedPlace& place : places) {
		Json json = Json::object();
		json.text("service", format_service(place.service))
			.text("address", place.address)
			.number("port", place.port);
		list.add(std::move(json));
	}
	return list;
}

}    // namespace rassist::cli
