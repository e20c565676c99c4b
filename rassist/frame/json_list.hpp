// A list of JSON values as the command line prints it: one by one.
#pragma once

#include "common/base/json.hpp"

#include <iosfwd>

namespace rassist::cli {

/// An array too long to be held: its elements are printed one by one. The destructor closes it.
class JsonList {
public:
	explicit JsonList(std::ostream& out) : out_(out) {}
	JsonList(const JsonList&) = delete;
	JsonList& operator=(const JsonList&) = delete;
	~JsonList();
	void add(const Json& value);

private:
	std::ostream& out_;
	bool any_ = false;
};

}    // namespace rassist::cli
