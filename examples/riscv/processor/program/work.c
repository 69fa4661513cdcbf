/* What a processor is asked for, in small: primes, sorting, a checksum and products of matrices.
   Prints each result. RV32I has no multiplication: start.S has. */

typedef unsigned int u32;

#define PRINT (*(volatile unsigned char *)0x80000000u)

#define INPUT (*(volatile u32 *)0x80000000u)

static void print_char(char c) { PRINT = (unsigned char)c; }

static void print_hex(u32 value) {
    for (int shift = 28; shift >= 0; shift -= 4) print_char("0123456789abcdef"[(value >> shift) & 15]);
    print_char('\n');
}

static void print(const char *text, u32 value) {
    while (*text) print_char(*text++);
    print_char(' ');
    print_hex(value);
}

static u32 random_state = 1;

static u32 random(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

static unsigned char composite[4096];

static u32 primes(u32 below) {
    u32 count = 0;
    for (u32 i = 0; i < below; i++) composite[i] = 0;
    for (u32 i = 2; i < below; i++) {
        if (composite[i]) continue;
        count++;
        for (u32 j = i + i; j < below; j += i) composite[j] = 1;
    }
    return count;
}

static u32 checksum(const unsigned char *bytes, u32 length) {
    u32 crc = ~0u;
    for (u32 i = 0; i < length; i++) {
        crc ^= bytes[i];
        for (int k = 0; k < 8; k++) crc = (crc >> 1) ^ (0xedb88320u & -(crc & 1));
    }
    return ~crc;
}

static u32 words[512];

static void sort(u32 *first, u32 *last) {
    while (first < last) {
        u32 pivot = first[(last - first) >> 1], *low = first, *high = last;
        while (low <= high) {
            while (*low < pivot) low++;
            while (*high > pivot) high--;
            if (low <= high) {
                u32 kept = *low;
                *low++ = *high;
                *high-- = kept;
            }
        }
        sort(first, high);
        first = low;
    }
}

static u32 a[12][12], b[12][12], c[12][12];

static u32 products(void) {
    u32 trace = 0;
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 12; j++) a[i][j] = random() & 0xffff, b[i][j] = random() & 0xff;
    for (int i = 0; i < 12; i++)
        for (int j = 0; j < 12; j++) {
            u32 sum = 0;
            for (int k = 0; k < 12; k++) sum += a[i][k] * b[k][j];
            c[i][j] = sum;
            trace += i == j ? sum : 0;
        }
    return trace;
}

int main(void) {
    random_state = INPUT | 1;
    print("primes", primes(sizeof composite));
    for (int i = 0; i < 512; i++) words[i] = random();
    sort(words, words + 511);
    u32 order = 0;
    for (int i = 1; i < 512; i++) order += words[i - 1] <= words[i];
    print("sorted", order);
    print("checksum", checksum((const unsigned char *)words, sizeof words));
    print("products", products());
    return 0;
}
