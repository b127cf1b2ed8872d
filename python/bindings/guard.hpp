// The guard that lets one thread at a time use an object.
#pragma once

#include <atomic>
#include <stdexcept>
#include <string>

namespace twinbit::python {

// Held while a call uses an object. Taking it twice is a mistake of the caller: it raises instead of waiting, since two
// threads that feed one stream would get results that depend on timing.
class Turn {
  public:
    // In: what names the object, for people.
    Turn(std::atomic<bool> &busy, const char *what) : busy_(busy) {
        if (busy_.exchange(true, std::memory_order_acquire)) {
            const std::string name(what);
            throw std::runtime_error("this " + name + " is being used by another thread. A " + name +
                                     " serves one thread at a time: give each thread its own, or hold a threading.Lock "
                                     "around the calls");
        }
    }
    ~Turn() { busy_.store(false, std::memory_order_release); }
    Turn(const Turn &) = delete;
    Turn &operator=(const Turn &) = delete;

  private:
    std::atomic<bool> &busy_;
};

} // namespace twinbit::python
