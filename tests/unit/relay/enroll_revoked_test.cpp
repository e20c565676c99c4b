// enroll and the windows that the relay's admin has revoked.
#include "common/admission/store.hpp"
#include "common/records/revoked_window.hpp"
#include "common/system/files_write.hpp"
#include "relay/enroll.hpp"
#include "tests/unit/sample_key.hpp"
#include "tests/unit/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

namespace rassist::enroll {
namespace {

TEST(EnrollRevoked, ARevokedWindowDoesNotEnrolWhileItsRecordCounts) {
	const test::TemporaryFolder folder;
	const Paths paths{.state = folder.path(), .run = folder.path()};
	for (const auto& needed :
		{paths.windows(), paths.revoked(), paths.identities(), paths.staff(), paths.devices()})
		test::make(needed);
	test::make(paths.activations(), 0775);
	const Serial serial = *Serial::parse("sn1");
	const Id window = *Id::parse("2222222222");
	test::spill(
		paths.devices() + "/sn1", format_device(Device{serial, "127.64.0.1", false, {}, {}, 1}));
	const auto enrolled = [&] {
		const EnrollRequest request{
			*Id::parse("1111111111"), window, 7, std::chrono::seconds(600), test::sample_key(), {}};
		const EnrollOutcome outcome = answer_request(EnrollCaller{serial, {}},
			format_request(request), EnrollContext{paths, {}, Now{1000, 50, "boot"}, geteuid()});
		return outcome.answer.refused ? std::string(format_refusal(*outcome.answer.refused))
									  : "granted";
	};
	const std::string path = paths.revoked() + "/" + window.str();
	test::spill(path, format_revoked_window({window, serial, 900, 1001}));
	EXPECT_EQ(enrolled(), "window-revoked");
	EXPECT_TRUE(list_grants(grant_folder_of(Role::tunnel, paths), geteuid())->grants.empty());
	test::spill(path, format_revoked_window({window, serial, 900, 1000}));
	EXPECT_EQ(enrolled(), "granted") << "past its end";
	test::spill(path, "garbage");
	EXPECT_EQ(enrolled(), "internal");
	ASSERT_TRUE(remove_tree(paths.revoked()));
	EXPECT_EQ(enrolled(), "internal") << "lost, not lifted";
}

}    // namespace
}    // namespace rassist::enroll
