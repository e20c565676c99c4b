// A progress bar for what takes longer than a second. Only a terminal sees it.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace rassist::cli {

class Progress {
public:
	/// `what` is being done to `total` things; 0 where that is not known.
	Progress(std::ostream& out, bool shown, std::string_view what, std::uint64_t total)
		: out_(out), shown_(shown), what_(what), total_(total) {}
	Progress(const Progress&) = delete;
	Progress& operator=(const Progress&) = delete;
	~Progress();    ///< the line is empty again

	void done(std::uint64_t count);    ///< so many until now; drawn ten times a second

private:
	std::ostream& out_;
	bool shown_;
	bool drawn_ = false;
	std::string what_;
	std::uint64_t total_;
	std::chrono::steady_clock::time_point next_ =
		std::chrono::steady_clock::now() + std::chrono::milliseconds(500);
};

}    // namespace rassist::cli
