package io.toroid.examples.minilm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.processor.Toroid;
import io.toroid.runtime.DynamicModel;
import io.toroid.runtime.KernelPlace;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A profile of the model, compiled in this JVM. */
@Tag("native")
class ProfileTest {

    private static final int CALLS = 20;
    private static final int TOKENS = 128;

    @TempDir
    Path directory;

    @Test
    void kernelsTakeTheTimeOfTheirCallsAndNameTheirLines() throws IOException {
        long[][] ids = new long[1][TOKENS];
        long[][] mask = new long[1][TOKENS];
        Arrays.fill(ids[0], 2003);
        Arrays.fill(mask[0], 1);
        Map<String, String> options = Map.of("toroid.instrument", "profile",
                "toroid.weights.dir", Path.of(System.getProperty("minilm.weights")).getParent().toString());
        try (DynamicModel model = Toroid.compile(new MiniLm(), options, LoadOptions.defaults().withThreads(2))) {
            model.call("embed", ids, mask);
            Profile profile = Profile.record(model, () -> {
                for (int i = 0; i < CALLS; i++) {
                    model.call("embed", ids, mask);
                }
            });
            assertEquals(CALLS, profile.calls().size());
            List<KernelPlace> places = profile.places().stream().filter(place -> place.entry().equals("embed")).toList();
            for (Profile.Call call : profile.calls()) {
                assertEquals(places, call.runs().stream().map(Profile.Run::place).toList());
            }
            for (KernelPlace place : places) {
                assertTrue(place.lines().matches("(\\w+\\.java:\\d+(, )?)+") && !place.operators().isEmpty(), place.toString());
            }
            long kernels = profile.calls().stream().mapToLong(Profile.Call::kernelNanoseconds).sum();
            long wall = profile.calls().stream().mapToLong(Profile.Call::nanoseconds).sum();
            assertTrue(kernels <= wall && kernels >= 0.95 * wall, "%d of %d ns".formatted(kernels, wall));
            checkProducts(profile.calls().getFirst());
            Path trace = directory.resolve("embed.json");
            profile.writeChromeTrace(trace);
            assertEquals(CALLS * (1 + places.size()), Files.readString(trace).split("\"ph\": \"X\"", -1).length - 1);
        }
    }

    /** Of each layer: query, key and value, what attention gives, and the two products after it; and attention itself. */
    private static void checkProducts(Profile.Call call) {
        long width = MiniLm.WIDTH;
        long linear = 2 * TOKENS * (4 * width * width + 2 * 4 * width * width);
        long attention = 2 * 2 * TOKENS * TOKENS * width;
        long products = 6 * (linear + attention);
        long all = call.runs().stream().mapToLong(Profile.Run::operations).sum();
        assertTrue(all >= products && all <= 1.05 * products, "%d operations, of which products %d".formatted(all, products));
    }
}
