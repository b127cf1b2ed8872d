// Batches of samples: tb_stream_* gives the results of tb_step_* that are frames, and stops where it must.
#include "stream.hpp"

#include <cstring>

using namespace fixtures;

namespace {

constexpr std::uint32_t samples = 100, axes = 2, window = 16, hop = 5;

std::vector<std::int16_t> made_values() {
    std::vector<std::int16_t> values(samples * axes);
    std::uint32_t r = 7;
    for (std::int16_t &v : values) {
        r = r * 1664525u + 1013904223u;
        v = static_cast<std::int16_t>(r >> 20);
    }
    return values;
}

Stream framed(std::uint8_t arithmetic) {
    return Stream(arithmetic, {{1, input_words(axes)},
                               {40, {axes, window, hop, 1, 0, 0}},
                               {41, {4 + 32, 0}},
                               scaler(),
                               clusters(),
                               decision(2, 4, 10)});
}

struct Room {
    std::vector<tb_result> results;
    std::vector<std::uint32_t> at;
    tb_frames frames;
    std::uint32_t done = 12345;

    explicit Room(std::uint32_t room) : results(room + 1), at(room + 1) {
        frames = {results.data(), at.data(), room, 0, 0};
    }
};

} // namespace

TEST_CASE("samples: a batch gives the frames that single steps give") {
    const auto values = made_values();
    for (const int code : {TB_F32, TB_Q15, TB_Q31}) {
        const auto arithmetic = static_cast<std::uint8_t>(code);
        Stream single = framed(arithmetic), batch = framed(arithmetic), wide = framed(arithmetic);
        REQUIRE(single.status == TB_OK);
        Room room(samples / hop + 2), other(samples / hop + 2);
        REQUIRE(tb_stream_i16(&batch.m, values.data(), samples, axes, nullptr, &room.frames, &room.done) == TB_OK);
        const std::vector<std::int32_t> widened(values.begin(), values.end());
        REQUIRE(tb_stream_i32(&wide.m, widened.data(), samples, axes, nullptr, &other.frames, &other.done) == TB_OK);
        CHECK((room.done == samples && other.done == samples));
        std::uint32_t n = 0;
        for (std::uint32_t i = 0; i < samples; ++i) {
            const tb_result r = single.step({values[2 * i], values[2 * i + 1]});
            if ((r.flags & TB_FLAG_GATHERING) == 0) {
                REQUIRE(n < room.frames.count);
                CHECK(room.at[n] == i);
                CHECK(std::memcmp(&room.results[n], &r, sizeof r) == 0);
                CHECK(std::memcmp(&other.results[n], &r, sizeof r) == 0);
                ++n;
            }
        }
        CHECK(n == (samples - window) / hop + 1);
        CHECK(n == room.frames.count);
        CHECK(batch.bytes() == single.bytes());
        CHECK(wide.bytes() == single.bytes());
    }
}

TEST_CASE("samples: a batch ends where its room does, and goes on from there") {
    const auto values = made_values();
    Stream whole = framed(TB_Q15), parts = framed(TB_Q15);
    Room all(30), few(3);
    REQUIRE(tb_stream_i16(&whole.m, values.data(), samples, axes, nullptr, &all.frames, &all.done) == TB_OK);
    CHECK(tb_stream_i16(&parts.m, values.data(), samples, axes, nullptr, &few.frames, &few.done) == TB_ERR_SIZE);
    CHECK(few.frames.count == 3);
    CHECK(few.done == few.at[2] + 1);
    CHECK(std::memcmp(few.results.data(), all.results.data(), 3 * sizeof(tb_result)) == 0);
    Room rest(30);
    REQUIRE(tb_stream_i16(&parts.m, values.data() + few.done * axes, samples - few.done, axes, nullptr, &rest.frames,
                          &rest.done) == TB_OK);
    CHECK(rest.frames.count + 3 == all.frames.count);
    CHECK(parts.bytes() == whole.bytes());
}

TEST_CASE("samples: without a framer every sample is a frame") {
    const auto values = made_values();
    Stream m(TB_Q15, {{1, input_words(axes)}, scaler(), clusters(), decision(2, 4, 10)});
    Room room(samples);
    REQUIRE(tb_stream_i16(&m.m, values.data(), samples, axes, nullptr, &room.frames, &room.done) == TB_OK);
    CHECK(room.frames.count == samples);
    CHECK(room.at[samples - 1] == samples - 1);
}

TEST_CASE("samples: what is held or limited is told with the frame") {
    auto values = made_values();
    values[2 * 40] = TB_MISSING_I16; // after the 5th frame, which ends at 35, at the last sample of the 6th
    values[2 * 43] = TB_MISSING_I16; // between the 6th and the 7th
    Stream m(TB_Q15, {{1, input_words(axes, 1)},
                      {40, {axes, window, hop, 1, 0, 0}},
                      {41, {4 + 32, 0}},
                      scaler(),
                      clusters(),
                      decision(2, 4, 10)});
    Room room(30);
    REQUIRE(tb_stream_i16(&m.m, values.data(), samples, axes, nullptr, &room.frames, &room.done) == TB_OK);
    for (std::uint32_t i = 0; i < room.frames.count; ++i) {
        CHECK(((room.results[i].flags & TB_FLAG_HELD) != 0) == (i == 5 || i == 6));
    }
}

TEST_CASE("samples: what is held or limited is told with the frame, wherever a batch is split") {
    auto values = made_values();
    values[2 * 43] = TB_MISSING_I16; // the 7th frame ends at 45
    for (const std::uint32_t cut : {41u, 43u, 44u, 45u, 46u}) {
        Stream m(TB_Q15, {{1, input_words(axes, 1)},
                          {40, {axes, window, hop, 1, 0, 0}},
                          {41, {4 + 32, 0}},
                          scaler(),
                          clusters(),
                          decision(2, 4, 10)});
        Room room(30);
        REQUIRE(tb_stream_i16(&m.m, values.data(), cut, axes, nullptr, &room.frames, &room.done) == TB_OK);
        std::uint32_t held = 0;
        for (std::uint32_t i = 0; i < room.frames.count; ++i) {
            held += (room.results[i].flags & TB_FLAG_HELD) != 0 ? 1 : 0;
        }
        const std::uint32_t before = held;
        REQUIRE(tb_stream_i16(&m.m, values.data() + cut * axes, samples - cut, axes, nullptr, &room.frames,
                              &room.done) == TB_OK);
        for (std::uint32_t i = 0; i < room.frames.count; ++i) {
            held += (room.results[i].flags & TB_FLAG_HELD) != 0 ? 1 : 0;
        }
        CAPTURE(cut);
        CHECK(before == (cut > 45 ? 1u : 0u));
        CHECK(held == 1u);
    }
}

TEST_CASE("samples: arguments are checked before anything moves") {
    const auto values = made_values();
    Stream m = framed(TB_Q15);
    const Bytes before = m.bytes();
    Room room(30);
    tb_frames bad = room.frames;
    bad.results = nullptr;
    std::uint32_t *done = &room.done;
    CHECK(tb_stream_i16(&m.m, values.data(), samples, axes, nullptr, nullptr, done) == TB_ERR_ARGUMENT);
    CHECK(tb_stream_i16(&m.m, values.data(), samples, axes, nullptr, &bad, done) == TB_ERR_ARGUMENT);
    CHECK(tb_stream_i16(&m.m, nullptr, samples, axes, nullptr, &room.frames, done) == TB_ERR_ARGUMENT);
    CHECK(tb_stream_i16(&m.m, values.data(), samples, axes, nullptr, &room.frames, nullptr) == TB_ERR_ARGUMENT);
    CHECK(tb_stream_i16(nullptr, values.data(), samples, axes, nullptr, &room.frames, done) == TB_ERR_ARGUMENT);
    CHECK(tb_stream_i16(&m.m, values.data(), samples, axes + 1, nullptr, &room.frames, done) == TB_ERR_SHAPE);
    CHECK(m.bytes() == before);
    auto holed = values;
    holed[2 * 20] = TB_MISSING_I16;
    CHECK(tb_stream_i16(&m.m, holed.data(), samples, axes, nullptr, &room.frames, done) == TB_ERR_MISSING);
    CHECK(room.done == 20);
    CHECK(room.frames.count == 1);
}
