// Images as bytes nobody vouches for: what is wrong is named, and whatever is refused changes nothing.
#include "fixtures.hpp"

using namespace fixtures;

namespace {

std::vector<Spec> specs() {
    Spec s;
    s.missing = 1;
    s.n = 3;
    s.k = 2;
    return all_of(s);
}

// A machine that has lived through all states.
struct Aged : Machine {
    explicit Aged(const Spec &s, std::uint64_t seed = 5) : Machine(s) {
        Random random(seed);
        run_to(*this, TB_MONITORING, random);
        for (int t = 0; t < 30; ++t) {
            step(random.mode_frame(s.channels, 2));
        }
    }
};

} // namespace

TEST_CASE("image: the header lies where IMAGE.md says") {
    for (const Spec &spec : specs()) {
        Machine m(spec);
        const Bytes fresh = m.bytes();
        std::uint32_t layout = 0;
        std::uint32_t policy = 0;
        REQUIRE(tb_recipe_digests(m.recipe(), &layout, &policy) == TB_OK);
        CHECK(std::memcmp(fresh.data(), "TBMG", 4) == 0);
        CHECK(get<std::uint16_t>(fresh, 4) == TB_IMAGE_FORMAT);
        CHECK(get<std::uint16_t>(fresh, 6) == TB_NUMERICS_VERSION);
        CHECK(fresh[8] == spec.arithmetic);
        CHECK(fresh[9] == 0);
        CHECK(get<std::uint32_t>(fresh, 12) == m.sizes.image);
        CHECK(get<std::uint32_t>(fresh, 16) == layout);
        CHECK(get<std::uint32_t>(fresh, 20) == policy);
        CHECK(get<std::uint32_t>(fresh, 28) % 2 == 0);
        CHECK(get<std::uint32_t>(fresh, 36) == 0);
        CHECK(fresh[44] == TB_SCALING);
        const Bytes sealed = m.saved();
        CHECK(sealed[9] == 1);
        Bytes zeroed = sealed;
        put<std::uint32_t>(zeroed, 32, 0);
        CHECK(get<std::uint32_t>(sealed, 32) == plain_crc(zeroed));
        CHECK(m.saved() == sealed); // sealing twice is sealing once
        m.step({1, 2, 3});
        CHECK(m.bytes()[9] == 0); // an update breaks the seal
        CHECK(get<std::uint32_t>(m.bytes(), 32) == 0);
        CHECK(get<std::uint32_t>(m.bytes(), 36) == 1);
    }
}

TEST_CASE("image: every corrupted bit of a sealed image gives an error and changes nothing") {
    for (const Spec &spec : specs()) {
        Aged m(spec);
        Machine target(spec);
        Random random(6);
        target.step(random.frame(3));
        const Bytes before = target.bytes();
        Bytes image = m.saved();
        for (std::size_t at = 0; at < image.size(); ++at) {
            for (int bit = 0; bit < 8; ++bit) {
                image[at] = static_cast<std::uint8_t>(image[at] ^ (1 << bit));
                const tb_status status = target.load(image);
                const bool refused = status < 0 && target.bytes() == before;
                if (!refused) {
                    CAPTURE(name(spec), at, bit, status);
                    REQUIRE(refused);
                }
                image[at] = static_cast<std::uint8_t>(image[at] ^ (1 << bit));
            }
        }
        REQUIRE(target.load(image) == TB_OK);
    }
}

TEST_CASE("image: every corrupted byte is refused also by set_policy, merge and unmerge") {
    for (const Spec &spec : specs()) {
        Aged m(spec);
        Aged target(spec);
        const Bytes before = target.bytes();
        Bytes image = m.saved();
        for (std::size_t at = 0; at < image.size(); ++at) {
            image[at] ^= 0xFF;
            const auto size = static_cast<std::uint32_t>(image.size());
            bool refused = tb_set_policy(&target.m, image.data(), size, TB_LOAD_SEALED) < 0;
            refused = refused && target.merge(image) < 0 && target.unmerge(image) < 0 && target.bytes() == before;
            if (!refused) {
                CAPTURE(name(spec), at);
                REQUIRE(refused);
            }
            image[at] ^= 0xFF;
        }
    }
}

TEST_CASE("image: a raw dump with any byte changed is either refused whole or safe to run") {
    for (const Spec &spec : specs()) {
        Aged m(spec);
        Bytes image = m.bytes();
        const Bytes fresh = Machine(spec).bytes();
        int refused = 0;
        for (std::size_t at = 0; at < image.size(); ++at) {
            for (const int flip : {0xFF, 0x80, 0x01}) {
                image[at] = static_cast<std::uint8_t>(image[at] ^ flip);
                Machine target(spec);
                if (target.load(image, TB_LOAD_RAW) != TB_OK) {
                    REQUIRE(target.bytes() == fresh);
                    ++refused;
                } else {
                    target.step({32767, -32767, 0});
                    target.step({0, 0, 0}, {5000, 0});
                    target.saved();
                }
                image[at] = static_cast<std::uint8_t>(image[at] ^ flip);
            }
        }
        CHECK(refused > 200); // magic, versions, digests, padding, ranges
    }
}

TEST_CASE("image: every length that is too short is TRUNCATED, more bytes than needed are fine") {
    for (const Spec &spec : specs()) {
        Aged m(spec);
        const Bytes image = m.saved();
        Machine target(spec);
        const Bytes before = target.bytes();
        for (std::size_t n = 0; n < image.size(); ++n) {
            const Bytes part(image.begin(), image.begin() + static_cast<std::ptrdiff_t>(n)); // sanitizers see its end
            REQUIRE(tb_load(&target.m, part.empty() ? image.data() : part.data(), static_cast<std::uint32_t>(n),
                            TB_LOAD_SEALED) == TB_ERR_TRUNCATED);
        }
        CHECK(target.bytes() == before);
        Bytes longer = image;
        longer.resize(image.size() + 13, 0xEE);
        CHECK(target.load(longer) == TB_OK);
        CHECK(target.bytes() == image);
    }
}

TEST_CASE("image: loads from any alignment") {
    for (const Spec &spec : specs()) {
        Aged m(spec);
        const Bytes image = m.saved();
        for (std::size_t shift = 0; shift < 8; ++shift) {
            Bytes moved(shift, 0);
            moved.insert(moved.end(), image.begin(), image.end());
            Machine target(spec);
            REQUIRE(tb_load(&target.m, moved.data() + shift, static_cast<std::uint32_t>(image.size()),
                            TB_LOAD_SEALED) == TB_OK);
            REQUIRE(target.bytes() == image);
        }
    }
}

TEST_CASE("image: what is wrong with it is named") {
    for (const Spec &spec : specs()) {
        Aged m(spec);
        const Bytes good = m.saved();
        Machine target(spec);
        const auto with = [&](std::size_t at, auto value, bool sealed = true) {
            Bytes b = good;
            put(b, at, value);
            if (sealed) {
                reseal(b);
            }
            return target.load(b);
        };
        CHECK(with(0, std::uint32_t{1}) == TB_ERR_MAGIC);
        CHECK(with(4, std::uint16_t{TB_IMAGE_FORMAT + 1}) == TB_ERR_FORMAT);
        CHECK(with(6, std::uint16_t{2}) == TB_ERR_NUMERICS);
        CHECK(with(6, std::uint16_t{0}) == TB_ERR_NUMERICS);
        CHECK(with(8, static_cast<std::uint8_t>(spec.arithmetic % 3 + 1)) == TB_ERR_LAYOUT);
        CHECK(with(12, std::uint32_t{8}) == TB_ERR_LAYOUT);
        CHECK(with(16, get<std::uint32_t>(good, 16) + 1) == TB_ERR_LAYOUT);
        CHECK(with(20, get<std::uint32_t>(good, 20) + 1) == TB_ERR_POLICY);
        CHECK(with(24, get<std::uint32_t>(good, 24) + 1) == TB_ERR_CORRUPT);
        CHECK(with(28, get<std::uint32_t>(good, 28) + 1) == TB_ERR_TORN);
        CHECK(with(28, get<std::uint32_t>(good, 28) + 2, false) == TB_ERR_CRC);
        CHECK(with(9, std::uint8_t{0}) == TB_ERR_UNSEALED);
        CHECK(with(44, std::uint8_t{4}) == TB_ERR_CORRUPT);
        CHECK(with(45, std::uint8_t{2}) == TB_ERR_CORRUPT);
        CHECK(with(10, std::uint16_t{1}) == TB_ERR_CORRUPT);
        CHECK(with(63, std::uint8_t{1}) == TB_ERR_CORRUPT);
        CHECK(with(m.m.block[2] + 4, std::uint32_t{1}) == TB_ERR_CORRUPT); // padding of the detector's first number
        CHECK(with(m.m.block[0], std::uint32_t{2}) == TB_ERR_CORRUPT);     // seen of held values
        CHECK(target.load(good) == TB_OK);
    }
}

TEST_CASE("image: numbers that are out of range are refused even under a good checksum") {
    Spec spec;
    spec.arithmetic = TB_F32;
    spec.missing = 1;
    Aged m(spec);
    Machine target(spec);
    int refused = 0;
    for (std::size_t at = 64; at + 4 <= m.m.block[3]; at += 4) { // a NaN in any float of input, scaler or detector
        Bytes b = m.saved();
        put<std::uint32_t>(b, at, 0x7FC00000u);
        reseal(b);
        const tb_status status = target.load(b);
        refused += status == TB_ERR_CORRUPT ? 1 : 0;
        CAPTURE(at);
        REQUIRE(status == TB_ERR_CORRUPT); // integers are out of range with these bits too, or part of the basis
    }
    CHECK(refused > 50);
}

TEST_CASE("image: another recipe's image is told from another policy's") {
    Spec spec;
    Aged m(spec);
    Spec shape = spec;
    shape.clusters = 5;
    CHECK(Machine(shape).load(m.saved()) == TB_ERR_LAYOUT);
    shape = spec;
    shape.offset = 1;
    CHECK(Machine(shape).load(m.saved()) == TB_ERR_LAYOUT);
    shape = spec;
    shape.detector = Detector::mahalanobis;
    CHECK(Machine(shape).load(m.saved()) == TB_ERR_LAYOUT);
    Spec policy = spec;
    policy.margin = 1;
    CHECK(Machine(policy).load(m.saved()) == TB_ERR_POLICY);
    policy = spec;
    policy.prior = 1;
    CHECK(Machine(policy).load(m.saved()) == TB_ERR_POLICY);
}

TEST_CASE("image: a raw dump of a running device opens, a torn one does not") {
    for (const Spec &spec : specs()) {
        Aged m(spec);
        m.step({1, 2, 3});
        Bytes dump = m.bytes();
        Machine target(spec);
        CHECK(target.load(dump) == TB_ERR_UNSEALED);
        REQUIRE(target.load(dump, TB_LOAD_RAW) == TB_OK);
        CHECK(target.bytes() == dump);
        Random random(8);
        for (int t = 0; t < 20; ++t) {
            const Frame x = random.mode_frame(3, 2);
            const tb_result a = m.step(x);
            const tb_result b = target.step(x);
            REQUIRE(std::memcmp(&a, &b, sizeof a) == 0);
        }
        CHECK(target.bytes() == m.bytes());
        put(dump, 28, get<std::uint32_t>(dump, 28) + 1);
        CHECK(target.load(dump, TB_LOAD_RAW) == TB_ERR_TORN);
        CHECK(target.bytes() == m.bytes());
        CHECK(target.load(m.saved(), TB_LOAD_RAW) == TB_OK); // a sealed one is welcome too
    }
}

TEST_CASE("image: inspection tells what the header says and what is wrong, without a recipe") {
    Spec spec;
    Aged m(spec);
    const Bytes good = m.saved();
    tb_image_info info = {};
    const auto inspect = [&info](const Bytes &b) {
        return tb_inspect(b.data(), static_cast<std::uint32_t>(b.size()), &info);
    };
    CHECK(inspect(good) == TB_OK);
    CHECK((info.size == good.size() && info.arithmetic == TB_Q15 && info.sealed == 1 && info.state == TB_MONITORING));
    CHECK((info.crc == info.crc_now && info.frames == get<std::uint32_t>(good, 36)));
    Bytes bad = good;
    bad[100] ^= 1;
    CHECK(inspect(bad) == TB_ERR_CRC);
    CHECK(info.crc != info.crc_now);
    bad.resize(good.size() - 1);
    CHECK(inspect(bad) == TB_ERR_TRUNCATED);
    CHECK(info.frames == get<std::uint32_t>(good, 36));
    bad.resize(63);
    CHECK(inspect(bad) == TB_ERR_TRUNCATED);
    CHECK(info.size == 0);
    m.step({1, 2, 3});
    CHECK(inspect(m.bytes()) == TB_ERR_UNSEALED);
    bad = m.bytes();
    put(bad, 28, get<std::uint32_t>(bad, 28) + 1);
    CHECK(inspect(bad) == TB_ERR_TORN);
    put<std::uint16_t>(bad, 6, 7);
    CHECK(inspect(bad) == TB_ERR_NUMERICS);
    put<std::uint16_t>(bad, 4, 7);
    CHECK(inspect(bad) == TB_ERR_FORMAT);
    CHECK(info.format == 7);
    put<std::uint32_t>(bad, 0, 7);
    CHECK(inspect(bad) == TB_ERR_MAGIC);
}
