// The same for the unit tests: what most of them include, for the compiler to read once (Makefile).
#include "common/base/standard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
