package io.toroid.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32;

/**
 * A checksum that costs next to nothing however long the file is: of one up to {@value #WHOLE} bytes all is read; of a longer one
 * the first and the last {@value #END} bytes, and {@value #SAMPLES} pieces of {@value #SAMPLE} bytes between them, at equal distances.
 *
 * <p>It finds files that were cut off, written in part, or belong to another build: libraries are short, and where constants end their
 * hash stands. A few bytes that changed in the middle of long constants it does not find; for that there is the SHA-256, see
 * {@link LoadOptions#withFullVerification()}.
 */
public final class SampledChecksum {
    private static final int WHOLE = 4 << 20;
    private static final int END = 64 << 10;
    private static final int SAMPLE = 4 << 10;
    private static final int SAMPLES = 64;

    /** Fills a buffer, from a position of the file on. */
    private interface Reader {
        void read(ByteBuffer buffer, long position) throws IOException;
    }

    private record FileReader(FileChannel channel) implements Reader {
        @Override
        public void read(ByteBuffer buffer, long position) throws IOException {
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer, position);
                if (count < 0) {
                    throw new IOException("the file became shorter while it was read");
                }
                position += count;
            }
        }
    }

    private record ArrayReader(byte[] content) implements Reader {
        @Override
        public void read(ByteBuffer buffer, long position) {
            buffer.put(content, (int) position, buffer.remaining());
        }
    }

    private final CRC32 checksum = new CRC32();
    private final ByteBuffer buffer;
    private final Reader reader;
    private final long size;
    private long bytesRead;

    private SampledChecksum(Reader reader, long size) {
        this.reader = reader;
        this.size = size;
        this.buffer = ByteBuffer.allocateDirect((int) Math.min(size, END));
    }

    /** Of a file, eight hexadecimal digits. */
    public static String of(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return of(channel).text();
        }
    }

    static SampledChecksum of(FileChannel channel) throws IOException {
        return new SampledChecksum(new FileReader(channel), channel.size()).sample();
    }

    /** Of the content of a file. */
    public static String of(byte[] content) {
        try {
            return new SampledChecksum(new ArrayReader(content), content.length).sample().text();
        } catch (IOException e) {
            throw new IllegalStateException("arrays are read without errors", e);
        }
    }

    private SampledChecksum sample() throws IOException {
        if (size <= WHOLE) {
            add(0, size);
            return this;
        }
        add(0, END);
        for (int i = 1; i <= SAMPLES; i++) {
            add(size / (SAMPLES + 1) * i, SAMPLE);
        }
        add(size - END, END);
        return this;
    }

    private void add(long position, long count) throws IOException {
        for (long end = position + count; position < end; position += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
            reader.read(buffer, position);
            checksum.update(buffer.flip());
            bytesRead += buffer.limit();
        }
    }

    String text() {
        String digits = Long.toHexString(checksum.getValue());
        return "0".repeat(8 - digits.length()) + digits;
    }

    long bytesRead() {
        return bytesRead;
    }
}
