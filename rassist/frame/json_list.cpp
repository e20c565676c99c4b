#include "rassist/frame/json_list.hpp"

#include <ostream>

namespace rassist::cli {

void JsonList::add(const Json& value) {
	out_ << (any_ ? ",\n" : "[\n") << value.print();
	any_ = true;
}

JsonList::~JsonList() { out_ << (any_ ? "\n]\n" : "[]\n"); }

}    // namespace rassist::cli
