// An application as PAM sees it: pam_driver CONFDIR SERVICE USER [NAME=VALUE…] STEP…
// Steps: auth, cred, account, open, close, password; `wait` stays until SIGTERM.
// After `starve` our module gets none of the memory that it asks for in the next step (not under
// ASan). Prompts are answered with the lines of standard input. Prints what happens, a line each:
// "prompt: …", "message: …", "signal: SIGTERM", "STEP: PAM_…".
#include <security/pam_appl.h>

#include <dlfcn.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

namespace {

// NOLINT(cppcoreguidelines-avoid-non-const-global-variables): a signal handler has nothing else
volatile sig_atomic_t terminated = 0;
void on_terminate(int) { terminated = 1; }

// NOLINT(cppcoreguidelines-avoid-non-const-global-variables): malloc has nothing else
bool starving = false;

const std::map<int, const char*> kNames{{PAM_SUCCESS, "PAM_SUCCESS"}, {PAM_IGNORE, "PAM_IGNORE"},
	{PAM_AUTH_ERR, "PAM_AUTH_ERR"}, {PAM_PERM_DENIED, "PAM_PERM_DENIED"},
	{PAM_ACCT_EXPIRED, "PAM_ACCT_EXPIRED"}, {PAM_MAXTRIES, "PAM_MAXTRIES"},
	{PAM_SESSION_ERR, "PAM_SESSION_ERR"}, {PAM_CRED_ERR, "PAM_CRED_ERR"},
	{PAM_AUTHTOK_ERR, "PAM_AUTHTOK_ERR"}, {PAM_MODULE_UNKNOWN, "PAM_MODULE_UNKNOWN"}};

std::string name_of(int status) {
	const auto name = kNames.find(status);
	return name == kNames.end() ? std::to_string(status) : name->second;
}

/// The next line of standard input, for free(3); nullptr at its end.
char* next_answer() {
	char* line = nullptr;
	size_t room = 0;
	const ssize_t size = getline(&line, &room, stdin);
	if (size < 0) {
		free(line);
		return nullptr;
	}
	line[strcspn(line, "\n")] = '\0';
	return line;
}

int converse(int count, const pam_message** messages, pam_response** responses, void*) {
	*responses =
		static_cast<pam_response*>(calloc(static_cast<size_t>(count), sizeof(pam_response)));
	for (int i = 0; i < count; ++i) {
		const bool prompt = messages[i]->msg_style == PAM_PROMPT_ECHO_OFF;
		printf("%s: %s\n", prompt ? "prompt" : "message", messages[i]->msg);
		if (prompt && ((*responses)[i].resp = next_answer()) == nullptr) {
			free(*responses);
			*responses = nullptr;
			return PAM_CONV_ERR;
		}
	}
	return PAM_SUCCESS;
}

void wait_for_the_end() {
	puts("wait: here");
	fflush(stdout);
	sigset_t blocked;
	sigset_t none;
	sigemptyset(&none);
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, nullptr);
	while (terminated == 0)
		sigsuspend(&none);
	puts("wait: SIGTERM");
	exit(0);
}

int run(pam_handle_t* handle, const std::string& step) {
	if (step == "auth")
		return pam_authenticate(handle, 0);
	if (step == "cred")
		return pam_setcred(handle, PAM_ESTABLISH_CRED);
	if (step == "account")
		return pam_acct_mgmt(handle, 0);
	if (step == "open")
		return pam_open_session(handle, 0);
	if (step == "close")
		return pam_close_session(handle, 0);
	if (step == "password")
		return pam_chauthtok(handle, 0);
	fprintf(stderr, "pam_driver: %s: no such step\n", step.c_str());
	exit(64);
}

}    // namespace

#ifndef __SANITIZE_ADDRESS__
/// Everybody's malloc, as the executable's comes first: what is starving is the module alone.
extern "C" void* __libc_malloc(size_t size);    // NOLINT: glibc's name
extern "C" void* malloc(size_t size) noexcept {
	Dl_info caller{};
	if (starving && dladdr(__builtin_return_address(0), &caller) != 0 &&
		strstr(caller.dli_fname, "/pam_rassist.so") != nullptr)
		return nullptr;
	return __libc_malloc(size);
}
#endif

int main(int argc, char** argv) {
	if (argc < 4)
		return 64;
	const pam_conv conversation{converse, nullptr};
	pam_handle_t* handle = nullptr;
	if (pam_start_confdir(argv[2], argv[3], &conversation, argv[1], &handle) != PAM_SUCCESS) {
		puts("start: failed");
		return 1;
	}
	signal(SIGTERM, on_terminate);
	int status = PAM_SUCCESS;
	for (int i = 4; i < argc; ++i) {
		const std::string word = argv[i];
		if (word.find('=') != std::string::npos) {
			pam_putenv(handle, word.c_str());
			continue;
		}
		if (word == "wait")
			wait_for_the_end();
		if (word == "starve") {
			starving = true;
			continue;
		}
		status = run(handle, word);
		starving = false;
		if (terminated != 0)
			puts("signal: SIGTERM");
		terminated = 0;
		printf("%s: %s\n", word.c_str(), name_of(status).c_str());
		fflush(stdout);
	}
	pam_end(handle, status);
	return 0;
}
