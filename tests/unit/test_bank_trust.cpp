// Banks: what is refused, what leaves no trace, forged images, saturation.
#include "bank_model.hpp"

using namespace fixtures;
using namespace twinbit;

namespace {

// modes; components, amnesic, window; few
std::vector<std::int32_t> words(std::int32_t modes, std::int32_t few = 10, std::int32_t components = 1) {
    return {modes, components, 0, 0, few};
}

} // namespace

TEST_CASE("bank: words out of range are refused") {
    const auto fits = [](std::vector<std::int32_t> w, std::uint32_t d) {
        Shape shape = {};
        return BankOfSubspaces<Q15>::shape({w.data(), static_cast<std::uint32_t>(w.size()), d}, shape);
    };
    CHECK(fits({1, 1, 0, 0, 1}, 1));
    CHECK(fits({16, 32, 0, 0, 65536}, 1024));
    CHECK_FALSE(fits({16, 32, 0, 0, 65536}, 1025));
    CHECK_FALSE(fits({0, 1, 0, 0, 1}, 4));
    CHECK_FALSE(fits({17, 1, 0, 0, 1}, 4));
    CHECK_FALSE(fits({4, 1, 0, 0, 0}, 4));
    CHECK_FALSE(fits({4, 1, 0, 0, 65537}, 4));
    CHECK_FALSE(fits({4, 5, 0, 0, 1}, 4)); // more components than features
    CHECK_FALSE(fits({4, 1, 0, 1}, 4));
    CHECK_FALSE(fits({4}, 4));
    CHECK_FALSE(fits({}, 4));
}

TEST_CASE("bank: images of random bytes in range are safe") {
    each_arithmetic([](auto policy) {
        Random random(11);
        for (int round = 0; round < 200; ++round) {
            Model<BankOfSubspaces, decltype(policy)> m(words(4, 1, 2), 5);
            forge(m, random);
            REQUIRE(m.in_range());
            m.restart();
            for (int t = 0; t < 40; ++t) {
                const Frame x = random.frame(5, 0, 20000);
                m.score(x);
                m.explain(x);
                m.detector().prepare();
                m.learn(x);
                if (t == 20) {
                    m.detector().new_epoch();
                }
            }
        }
    });
}

TEST_CASE("bank: ordinary data saturate nothing") {
    Modes machine(8, 4, 12);
    Model<BankOfSubspaces, Q15With<Count>> q15(words(4, 10, 2), 8);
    Model<BankOfSubspaces, Q31With<Count>> q31(words(4, 10, 2), 8);
    std::uint64_t late = 0;
    Count::clips = 0;
    for (int t = 0; t < 3000; ++t) {
        const Frame x = machine.any();
        const std::uint64_t before = Count::clips;
        REQUIRE(q15.learn(x) == TB_OK);
        REQUIRE(q31.learn(x) == TB_OK);
        late += t > 20 ? Count::clips - before : 0;
    }
    CHECK(late == 0);
    CHECK(Count::clips == 0);
}

TEST_CASE("bank: a frame that a stopped model does not take is learned by its mode, or leaves no trace") {
    for (const Spec &base : each(Detector::bank_autoencoder, without_scaler({}))) {
        Spec spec = base;
        spec.patience = 8;
        spec.learning = 1000000;
        Machine m(spec);
        fixtures::Random random(9);
        for (int t = 0; t < 400; ++t) {
            m.learn(random.mode_frame(3, 2)); // all models end after a few frames, modes go on
        }
        REQUIRE(tb_new_epoch(&m.m) == TB_OK);
        tb_status status = TB_OK;
        for (int t = 0; t < 400; ++t) { // now modes stand still, and models end again
            const Frame x = random.mode_frame(3, 2);
            const Bytes before = m.saved();
            status = tb_learn_i32(&m.m, x.data(), 3, nullptr);
            CHECK((m.bytes() == before) == (status != TB_OK));
        }
        CHECK(status == TB_ERR_RANGE);
    }
}
