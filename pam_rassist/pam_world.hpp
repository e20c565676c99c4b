// The World as PAM shows it. The only file beside entry.cpp that knows libpam.
#pragma once

#include "pam_rassist/request.hpp"
#include "pam_rassist/world.hpp"

#include <security/pam_modules.h>

namespace rassist::pam {

/// Finds out whose login this is. It asks PAM alone, and never the user.
[[nodiscard]] Account account_of(pam_handle_t* handle) noexcept;
[[nodiscard]] Request read_request(pam_handle_t* handle, Account account);

/// Does what World::end_connection does, also where there is no World.
void end_this_connection() noexcept;

class PamWorld final : public World {
public:
	explicit PamWorld(pam_handle_t* handle) : handle_(handle) {}

	[[nodiscard]] const Paths& paths() const override { return paths_; }
	[[nodiscard]] uid_t root() const override { return 0; }
	[[nodiscard]] Result<Now> clock() override { return read_clocks(); }
	void log(const JournalEntry& entry) override { entry.send(); }
	[[nodiscard]] Result<Secret> ask(const std::string& prompt) override;
	void tell(const std::string& sentence) override;
	[[nodiscard]] pid_t process() const override;
	[[nodiscard]] Status keep(Session session) override;
	[[nodiscard]] std::optional<Session> kept() override;
	void end_connection() override { end_this_connection(); }

private:
	pam_handle_t* handle_;
	Paths paths_;
};

}    // namespace rassist::pam
