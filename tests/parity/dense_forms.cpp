// Firmware: every form of a dense layer against the plain one on this machine. Says "dense-forms equal" or what
// differs.
#include "../unit/dense_forms.hpp"

extern "C" {
#include "platform.h"
}

static dense_forms::Case memory;

static void print(const char *name, std::uint32_t value) {
    char digits[12];
    char *at = digits + sizeof digits - 1;
    *at = '\0';
    do {
        *--at = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value != 0);
    platform_print(name);
    platform_print(at);
}

int main() {
    dense_forms::Bits bits;
    const dense_forms::Finding found = dense_forms::compare(memory, bits);
    if (found.wrong == 0) {
        platform_print("dense-forms equal\n");
        return 0;
    }
    print("dense-forms differ: bits ", found.wrong);
    print(" n ", found.n);
    print(" m ", found.m);
    print(" kind ", found.kind);
    platform_print("\n");
    return 1;
}
