#include "rassist/frame/places_json.hpp"

namespace rassist::cli {

Json places_json(const std::vector<Place>& places) {
	Json list = Json::array();
	for (const Place& place : places) {
		Json json = Json::object();
		json.text("service", service_word(place.service)).text("address", place.address).number("port", place.port);
		list.add(std::move(json));
	}
	return list;
}

}    // namespace rassist::cli
