// What slows an autoencoder down and stops it: schedule, momentum, decay, early stopping.
#include "autoencoder_reference.hpp"

using namespace autoencoders;
using namespace fixtures;
using namespace twinbit;

TEST_CASE("autoencoder: the rate halves on schedule down to its least") {
    Parameters p;
    p.rate = 0.4;
    p.halving = 10;
    p.least = 0.03;
    const auto rate = [](int age) {
        return rate_at(Parameters::q31(0.4), static_cast<std::uint32_t>(age), 10, Parameters::q31(0.03));
    };
    const double expected[] = {0.4, 0.2, 0.1, 0.05, 0.03, 0.03};
    for (int age = 0; age < 60; ++age) {
        CHECK(rate(age) * 0x1p-31 == Approx(expected[age / 10]).epsilon(1e-7));
    }
    CHECK(rate_at(1 << 30, UINT32_MAX, 1, 0) == 0);
    CHECK(rate_at(1 << 30, UINT32_MAX, 1, 5) == 5);
    CHECK(rate_at(1 << 30, UINT32_MAX, 0, 5) == 1 << 30);
    CHECK(rate_at(1 << 20, 0, 10, 1 << 21) == 1 << 21); // least wins
    CHECK(rate_at(1 << 30, 0x80000000u, 0x7FFFFFFF, 0) == 1 << 29);
}

TEST_CASE("autoencoder: a step is as long as the schedule says, momentum or not") {
    in_each([](auto policy) {
        using P = decltype(policy);
        for (const double momentum : {0.0, 0.75}) {
            Parameters p = with_momentum(momentum);
            p.rate = 0.4;
            p.halving = 5;
            Parameters still = p;
            still.rate = 0.4;
            Net<P> net(p, 4);
            const Frame x = {4096, -8000, 2000, 500};
            Reference ref(p, 4);
            for (int t = 0; t < 20; ++t) {
                net.learn(x);
                ref.learn(real(x));
            }
            CHECK(largest_difference(net.layers(), ref.layers) < 2e-3);
            CHECK(largest_difference(net.momenta(), ref.step) < 2e-3);
        }
    });
}

TEST_CASE("autoencoder: a momentum that nothing feeds goes to 0 and leaves the weights alone") {
    in_each([](auto policy) {
        using P = decltype(policy);
        Net<P> net(with_momentum(0.99), 3);
        Source source(3, 1);
        for (int t = 0; t < 100; ++t) {
            net.learn(source.next());
        }
        Frame x = {0, 0, 0}; // no input: the first layer's weights get no gradients
        for (int t = 0; t < 8000; ++t) {
            net.learn(x);
        }
        const Layers momenta = net.momenta();
        for (const auto &row : momenta[0].weight) {
            for (const double m : row) {
                CHECK(m == 0);
            }
        }
        const Layers before = net.layers();
        net.learn(x);
        CHECK(net.layers()[0].weight == before[0].weight);
    });
}

TEST_CASE("autoencoder: decay draws weights to 0 by its share a frame") {
    in_each([](auto policy) {
        using P = decltype(policy);
        Parameters p;
        p.rate = 0x1p-31;
        p.decay = 0.001;
        Net<P> net(p, 5);
        for (int t = 0; t < 1000; ++t) {
            net.learn(Frame(5, 1000));
        }
        Layers expected = Reference(p, 5).layers;
        for (Layer &layer : expected) {
            for (auto &row : layer.weight) {
                for (double &w : row) {
                    w *= std::pow(0.999, 1000);
                }
            }
        }
        CHECK(largest_difference(net.layers(), expected) < 1e-5);
    });
}

TEST_CASE("autoencoder: early stopping ends learning when the error stays, and changes nothing after") {
    in_each([](auto policy) {
        using P = decltype(policy);
        Parameters p;
        p.hidden = {{3, Activation::tanh}};
        p.patience = 400;
        p.improvement = 0.05;
        Net<P> net(p, 12);
        Source source(12, 3);
        int learned = 0;
        while (learned < 30000 && net.learn(source.next()) == TB_OK) {
            ++learned;
        }
        CHECK(learned > 800);
        CHECK(learned < 10000);
        CHECK(net.level(source.next()) < -1);
        CHECK(net.field(0) == static_cast<std::uint32_t>(learned));
        const Bytes ended = net.image;
        std::int32_t score = 0;
        const Frame x = source.next();
        CHECK(net.learn(x, &score) == TB_ERR_RANGE);
        CHECK(score == net.score(x)); // it still says
        CHECK(net.image == ended);
        p.patience = 2 * learned; // more patience: it goes on
        net.set(p);
        CHECK(net.learn(x) == TB_OK);
        p.patience = 400;
        net.set(p);
        CHECK(net.learn(x) == TB_ERR_RANGE);
        net.new_epoch(); // and a new epoch goes on with what was learned
        const double before = net.level(x);
        CHECK(net.learn(x) == TB_OK);
        CHECK(std::fabs(net.level(x) - before) < 2);
        CHECK(net.field(0) == static_cast<std::uint32_t>(learned + 2));
        CHECK(net.field(1) == 1);
    });
}

TEST_CASE("early stopping: against its formula, and at the ends of its range") {
    std::int32_t average = 0, best = 0;
    std::uint32_t since = 0;
    EarlyStop stop = {average, best, since};
    double mean = 3, least = 3;
    std::uint32_t frames = 0;
    stop.observe(3 * 65536, 1000, 6554);
    fixtures::Random random(1);
    for (int t = 0; t < 5000; ++t) {
        const std::int32_t level = static_cast<std::int32_t>((3 * std::exp(-t / 300.0) - 1 + random.uniform()) * 65536);
        stop.observe(level, 1000, 6554); // 2^9 < 1000: an average over 2^7 frames
        mean += (level / 65536.0 - mean) / 128;
        ++frames;
        if (mean < least - 6554 / 65536.0) {
            least = mean;
            frames = 0;
        }
        REQUIRE(average * 0x1p-24 == Approx(mean).margin(1e-5));
        REQUIRE(best * 0x1p-24 == Approx(least).margin(1e-5));
        REQUIRE(since == frames);
    }
    CHECK(stop.ended(1000));
    CHECK_FALSE(stop.ended(0));
    stop.restart();
    for (const std::int32_t level : {64 * 65536 - 1, -64 * 65536 + 1, 64 * 65536 - 1}) {
        for (int t = 0; t < 100; ++t) {
            stop.observe(level, 1, 24 * 65536);
            REQUIRE(std::abs(average) < 1 << 30);
        }
    }
    since = UINT32_MAX;
    stop.observe(0, INT32_MAX, 0);
    CHECK(since == UINT32_MAX);
}
