// pam_rassist.so: the functions that PAM calls. Each entry point finds out whose account it is and
// what is asked, and answers with PAM's number.
#include "pam_rassist/decide.hpp"
#include "pam_rassist/pam_world.hpp"
#include "pam_rassist/session_steps.hpp"

#include <security/pam_modules.h>

namespace {

using namespace rassist::pam;

/// The one place where a decision becomes a number; `refusal` is the step's own word for no.
int number_of(Decision decision, int refusal) noexcept {
	switch (decision) {
	case Decision::allowed:
		return PAM_SUCCESS;
	case Decision::foreign:
		return PAM_IGNORE;
	case Decision::closed:
		return PAM_ACCT_EXPIRED;
	case Decision::exhausted:
		return PAM_MAXTRIES;
	case Decision::denied:
		break;
	}
	return refusal;
}

using Step = Decision (*)(const Request&, World&);

void nothing() noexcept {}

/// `thrown`: what a refusal of this step does besides, where no refusal came to be (there is no
/// memory).
int enter(
	pam_handle_t* handle, int refusal, Step step, void (*thrown)() noexcept = nothing) noexcept {
	// before anything that can fail: whatever is broken here, nobody else's login may depend on it
	const Account account = account_of(handle);
	if (account == Account::foreign)
		return number_of(Decision::foreign, refusal);
	try {
		PamWorld world(handle);
		return number_of(step(read_request(handle, account), world), refusal);
	} catch (...) {
		thrown();
		return refusal;
	}
}

}    // namespace

#define RASSIST_EXPORTED extern "C" __attribute__((visibility("default"))) int

RASSIST_EXPORTED pam_sm_authenticate(
	pam_handle_t* handle, int /*flags*/, int /*argc*/, const char** /*argv*/) {
	return enter(handle, PAM_AUTH_ERR, authenticate);
}

RASSIST_EXPORTED pam_sm_setcred(
	pam_handle_t* handle, int /*flags*/, int /*argc*/, const char** /*argv*/) {
	return enter(
		handle, PAM_CRED_ERR, [](const Request&, World&) { return Decision::allowed; });
}

RASSIST_EXPORTED pam_sm_acct_mgmt(
	pam_handle_t* handle, int /*flags*/, int /*argc*/, const char** /*argv*/) {
	return enter(handle, PAM_PERM_DENIED, account);
}

RASSIST_EXPORTED pam_sm_open_session(
	pam_handle_t* handle, int /*flags*/, int /*argc*/, const char** /*argv*/) {
	return enter(handle, PAM_SESSION_ERR, open_session, end_this_connection);
}

RASSIST_EXPORTED pam_sm_close_session(
	pam_handle_t* handle, int /*flags*/, int /*argc*/, const char** /*argv*/) {
	return enter(
		handle, PAM_SESSION_ERR, [](const Request&, World& world) { return close_session(world); });
}

RASSIST_EXPORTED pam_sm_chauthtok(
	pam_handle_t* handle, int /*flags*/, int /*argc*/, const char** /*argv*/) {
	return enter(
		handle, PAM_AUTHTOK_ERR, [](const Request&, World&) { return Decision::denied; });
}
