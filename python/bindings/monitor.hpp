// A monitor with the memory it stands on, and the guard that lets one thread at a time use it.
#pragma once

#include "guard.hpp"
#include "register.hpp"
#include "twinbit_host.h"

#include <array>
#include <memory>
#include <string_view>
#include <vector>

namespace twinbit::python {

// Memory that a policy works with: an image and a plan as large as the monitor's own. Empty until it is attached.
struct Attached {
    std::vector<std::uint64_t> image;
    std::vector<std::uint64_t> plan;
};

class MonitorObject {
  public:
    explicit MonitorObject(std::string_view recipe);
    MonitorObject(const MonitorObject &) = delete;
    MonitorObject &operator=(const MonitorObject &) = delete;

    tb_monitor *get() { return &monitor_; }
    const tb_memory &memory() const { return memory_; }
    const tb_recipe &recipe() const { return store_->recipe; }
    std::uint32_t channels() const { return monitor_.channels; }
    std::uint32_t values() const { return monitor_.values; }
    std::uint32_t features() const { return monitor_.features; }
    std::uint32_t hop() const { return hop_; } // samples from frame to frame; 1 without a framer
    std::uint32_t &told() { return told_; }    // what samples leave for the next frame to tell: tb_frames
    float *frame() { return frame_.data(); }   // as many values as a whole frame has
    std::string_view image() const;
    void attach(std::uint32_t which);
    std::array<Attached, TB_ATTACHED> &attached() { return attached_; }
    std::string_view attached_image(std::uint32_t which) const; // empty where nothing is attached

  private:
    friend class Guard;

    std::unique_ptr<tb_recipe_store> store_;
    std::vector<std::uint64_t> image_; // 64-bit words, since the C interface wants 8-byte alignment
    std::vector<std::uint64_t> scratch_;
    std::vector<std::uint64_t> plan_;
    std::array<Attached, TB_ATTACHED> attached_;
    std::vector<float> frame_; // one frame that came as a list
    tb_memory memory_ = {};
    tb_monitor monitor_ = {};
    std::uint32_t hop_ = 1;
    std::uint32_t told_ = 0;
    std::atomic<bool> busy_{false};
};

// Held while a call uses the monitor.
class Guard : public Turn {
  public:
    explicit Guard(MonitorObject &object);
};

} // namespace twinbit::python
