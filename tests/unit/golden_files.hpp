// Files of tests/golden: read and compared, or written anew where TWINBIT_WRITE_GOLDEN is set.
#pragma once

#include "fixtures.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace fixtures {

inline bool writes_golden() { return std::getenv("TWINBIT_WRITE_GOLDEN") != nullptr; }

inline std::string golden_folder(int numerics) {
    return TWINBIT_TEST_DIR "/golden/numerics-" + std::to_string(numerics) + "/";
}

inline Bytes read_file(const std::string &path) {
    std::ifstream file(path, std::ios::binary);
    CAPTURE(path);
    REQUIRE(file.good());
    return Bytes(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

inline void write_file(const std::string &path, const Bytes &bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    CAPTURE(path);
    REQUIRE(file.good());
}

// The file has these bytes; writing, it gets them.
inline void check_golden(const std::string &path, const Bytes &bytes) {
    if (writes_golden()) {
        write_file(path, bytes);
    }
    CAPTURE(path);
    CHECK((bytes == read_file(path)));
}

inline Bytes crc_text(const Bytes &results) {
    char text[16];
    const int n = std::snprintf(text, sizeof text, "%08x\n", static_cast<unsigned>(plain_crc(results)));
    return Bytes(text, text + n);
}

} // namespace fixtures
