package io.toroid.examples.minilm;

import io.toroid.examples.benchmark.Comparison;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.ZipFile;

/** What an application has to ship for the model: in jars, and what of that a Linux machine uses, unpacked. */
final class ShippedSize {
    private final Report report;
    private final Path onnx;

    ShippedSize(Report report, Path onnx) {
        this.report = report;
        this.onnx = onnx;
    }

    void run(Product product) throws IOException {
        report.text("""

                Size of what is shipped in MB
                case        Toroid   ONNX Runtime   ratio
                """);
        Path peer = Product.peer();
        report("jars", Files.size(product.jar()), Files.size(peer) + deflated(onnx));
        report("unpacked", product.bytes(), unpacked(peer) + Files.size(onnx));
        report("no_weights", product.bytes() - product.constants(), unpacked(peer));
    }

    private void report(String name, long ours, long theirs) {
        Comparison comparison = Comparison.bytes("minilm-size", name, 0, ours, theirs);
        report.line(comparison);
        report.text("%-10s  %6.1f   %12.1f   %5.2f".formatted(name, ours * 1e-6, theirs * 1e-6, comparison.ratio()));
    }

    private static long deflated(Path file) throws IOException {
        Counter counter = new Counter();
        try (InputStream in = Files.newInputStream(file); OutputStream out = new DeflaterOutputStream(counter)) {
            in.transferTo(out);
        }
        return counter.bytes;
    }

    private static long unpacked(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().filter(entry -> entry.getName().endsWith(".class") || entry.getName().contains("linux-x64"))
                    .mapToLong(entry -> entry.getSize()).sum();
        }
    }

    private static final class Counter extends OutputStream {
        private long bytes;

        @Override
        public void write(int value) {
            bytes++;
        }

        @Override
        public void write(byte[] values, int offset, int count) {
            bytes += count;
        }
    }
}
