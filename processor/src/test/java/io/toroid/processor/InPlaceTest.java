package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.Tensor;
import io.toroid.processor.compiled.Batch;
import io.toroid.processor.compiled.GraphCase;
import io.toroid.processor.compiled.Operands;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.schedule.MemoryPlan;
import io.toroid.processor.schedule.Schedule;
import io.toroid.processor.schedule.ScheduleText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which intermediates take the place of an operand, and what the arena saves by it. */
class InPlaceTest {

    private static final String BETWEEN_PRODUCTS = "in place: div_0 where linear_0 was";

    @TempDir
    private Path directory;

    private static GraphCase of(String name, Function<Operands, Tensor> body) {
        return GraphCase.of(name, "f32[n, 16]", body).dim("n", 1, 7, 40).slack(50);
    }

    private static Tensor product(Operands x, Tensor rows) {
        return rows.linear(x.weight("f32[16, 16]"));
    }

    private static GraphCase softmax() {
        return of("between_products", x -> product(x, product(x, x.get(0)).softmax(-1)));
    }

    private static GraphCase rest() {
        return of("read_later", x -> {
            Tensor first = product(x, x.get(0));
            return product(x, first.softmax(-1)).mul(first.sum(0));
        });
    }

    private static GraphCase transposed() {
        return of("other_elements", x -> product(x, product(x, x.get(0)).flip(0).softmax(-1)));
    }

    private static GraphCase small() {
        return of("no_gain", x -> {
            Tensor wide = x.get(0).linear(x.weight("f32[256, 16]")).relu().linear(x.weight("f32[16, 256]"));
            return product(x, wide.softmax(-1));
        });
    }

    private static GraphCase last() {
        return GraphCase.of("last", "f32[n, m]", x -> x.get(0).softmax(-1)).dim("n", 1, 3, 40).dim("m", 1, 5, 70).slack(50);
    }

    /** The first lines of an entry's schedule: its arena, and what lies in place. */
    private static List<String> plan(GraphCase graphCase) {
        List<String> texts = new ArrayList<>();
        Pipeline.generate(new Batch("io.toroid.test.InPlace", List.of(graphCase)).model(), new Observer() {
            @Override
            public void schedule(LoopProgram program, Schedule schedule, MemoryPlan plan) {
                if (schedule.name().equals(graphCase.name())) {
                    texts.add(ScheduleText.print(schedule, plan));
                }
            }
        });
        return texts.getFirst().lines().skip(1).takeWhile(line -> !line.isBlank()).toList();
    }

    @Test
    @Tag("unit")
    void aPointwiseResultTakesThePlaceOfAnOperandThatDies() {
        assertEquals(List.of("arena of 64*n bytes: linear_0 at 0, div_0 at 0", BETWEEN_PRODUCTS), plan(softmax()));
    }

    @Test
    @Tag("unit")
    void notOfOneThatIsReadLaterOrByOtherElements() {
        assertFalse(plan(rest()).contains(BETWEEN_PRODUCTS), () -> plan(rest()).toString());
        assertTrue(plan(transposed()).stream().noneMatch(line -> line.startsWith("in place")), () -> plan(transposed()).toString());
    }

    /** What shares memory is not {@code __restrict}, so it must be worth it. */
    @Test
    @Tag("unit")
    void notWhereTheArenaStaysAsLarge() {
        List<String> lines = plan(small());
        assertEquals("arena of 1088*n bytes", lines.getFirst().replaceFirst(":.*", ""));
        assertEquals(1, lines.size(), lines::toString);
    }

    @Test
    @Tag("unit")
    void whatAKernelKeepsBetweenItsPhasesLiesWhereItsOutputWillBe() {
        assertEquals(List.of("in place: exp_0 where out0 will be"), plan(last()));
    }

    @Test
    @Tag("native")
    void allGiveWhatTheInterpreterGives() {
        Batch batch = new Batch("io.toroid.test.InPlace", List.of(softmax(), rest(), transposed(), small(), last()));
        try (NativeModel model = NativeModel.of(batch, directory, /* threads= */ 2)) {
            for (int i = 0; i < batch.cases().size(); i++) {
                for (Map<String, Long> sizes : batch.cases().get(i).runs()) {
                    CompiledEqualsEagerTest.check(batch, model, i, sizes);
                }
            }
        }
    }
}
