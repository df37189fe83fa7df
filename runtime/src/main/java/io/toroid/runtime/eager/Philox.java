package io.toroid.runtime.eager;

/** Philox 4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011), a block at a time. */
final class Philox {

    private static final long WORD = 0xffffffffL;

    private Philox() {
    }

    /** The block of four words for a counter of four words and a key of two. */
    static int[] block(int[] counter, int[] key) {
        int[] x = counter.clone();
        int first = key[0];
        int second = key[1];
        for (int round = 0; round < 10; round++) {
            long p = (x[0] & WORD) * 0xD2511F53L;
            long q = (x[2] & WORD) * 0xCD9E8D57L;
            x = new int[] {(int) (q >>> 32) ^ x[1] ^ first, (int) q, (int) (p >>> 32) ^ x[3] ^ second, (int) p};
            first += 0x9E3779B9;
            second += 0xBB67AE85;
        }
        return x;
    }

    /** The first two words of a block. */
    static long bits(long key, long counter) {
        int[] block = block(new int[] {(int) counter, (int) (counter >>> 32), 0, 0}, new int[] {(int) key, (int) (key >>> 32)});
        return block[0] & WORD | (long) block[1] << 32;
    }
}
