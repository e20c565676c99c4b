#include "pam_rassist/pam_world.hpp"

#include "common/system/files.hpp"

#include <security/pam_ext.h>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>

namespace rassist::pam {
namespace {

/// pam_set_data's name; libpam shares it among all modules
constexpr const char* kSession = "rassist_session";

std::string_view environment(pam_handle_t* handle, const char* name) {
	const char* value = pam_getenv(handle, name);
	return value == nullptr ? std::string_view() : value;
}

void delete_session(pam_handle_t* /*handle*/, void* data, int /*status*/) noexcept {
	delete static_cast<Session*>(data);
}

}    // namespace

Account account_of(pam_handle_t* handle) noexcept {
	const void* user = nullptr;
	if (pam_get_item(handle, PAM_USER, &user) != PAM_SUCCESS || user == nullptr)
		return Account::foreign;
	return account_of(std::string_view(static_cast<const char*>(user)));
}

Request read_request(pam_handle_t* handle, Account account) {
	return read_request(
		account, environment(handle, "SSH_AUTH_INFO_0"), environment(handle, "SSH_CONNECTION"));
}

Result<Secret> PamWorld::ask(const std::string& prompt) {
	char* answer = nullptr;
	if (const int status = pam_prompt(handle_, PAM_PROMPT_ECHO_OFF, &answer, "%s", prompt.c_str());
		status != PAM_SUCCESS || answer == nullptr)
		return Error{Fault::unavailable, "the conversation ended"};
	const std::size_t size = std::strlen(answer);
	Secret secret(size);
	std::memcpy(secret.bytes().data(), answer, size);
	explicit_bzero(answer, size);
	std::free(answer);    // NOLINT(cppcoreguidelines-no-malloc): PAM's convention
	return secret;
}

void PamWorld::tell(const std::string& sentence) {
	static_cast<void>(pam_prompt(handle_, PAM_ERROR_MSG, nullptr, "%s", sentence.c_str()));
}

/// For keyboard-interactive sshd runs the auth and account steps in a child of that process, which
/// it titles "sshd: NAME [pam]" (auth-pam.c, sshpam_thread).
pid_t PamWorld::process() const {
	const UniqueFd file(open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC));
	const auto title = file ? read_all(file.get(), 4096) : Result<std::string>(std::string());
	return title && title->find(" [pam]") != std::string::npos ? getppid() : getpid();
}

Status PamWorld::keep(Session session) {
	auto owned = std::make_unique<Session>(std::move(session));
	if (pam_set_data(handle_, kSession, owned.get(), delete_session) != PAM_SUCCESS)
		return Error{Fault::internal, "PAM does not keep the session"};
	static_cast<void>(owned.release());    // delete_session's now
	return Done{};
}

std::optional<Session> PamWorld::kept() {
	const void* data = nullptr;
	if (pam_get_data(handle_, kSession, &data) != PAM_SUCCESS || data == nullptr)
		return std::nullopt;
	return *static_cast<const Session*>(data);
}

void end_this_connection() noexcept { kill(getpid(), SIGTERM); }

}    // namespace rassist::pam
