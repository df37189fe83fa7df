package io.toroid.processor.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.LoopText;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each test breaks one rule in a schedule that is right. */
@Tag("unit")
class ScheduleVerifierTest {

    /** Two kernels with an intermediate between them, and one that keeps a row and a value to itself. */
    private static final LoopProgram PROGRAM = LoopText.parse("""
            loops entry
            symbol n: 1 to 64
            input x: f32[n, 8]
            output y: f32[n, 8]
            output z: f32[8, n]
            intermediate a: f32[n, 8]
            intermediate s: f32[n]
            intermediate b: f32[n, 8]
            intermediate c: f32[8, n]

            for d0 < n, d1 < 8
              a[d0, d1] = exp(x[d0, d1])

            reduce d0 < n over r1 < 8
              s at [d0] = sum of a[d0, r1]

            for d0 < n, d1 < 8
              b[d0, d1] = a[d0, d1] / s[d0]

            for d0 < n, d1 < 8
              y[d0, d1] = sin(b[d0, d1])

            for d0 < 8, d1 < n
              c[d0, d1] = b[n - d1 - 1, d0]

            for d0 < 8, d1 < n
              z[d0, d1] = c[7 - d0, d1]
            """);

    private final Schedule schedule = GroupLoops.run(PROGRAM, 0);
    private final MemoryPlan plan = MemoryPlan.of(schedule);
    private final Kernel.Nest first = (Kernel.Nest) schedule.kernels().getFirst();

    private Schedule with(List<Kernel> kernels) {
        return new Schedule(schedule.name(), schedule.inputs(), schedule.outputs(), kernels);
    }

    private Schedule with(Kernel.Nest changed) {
        List<Kernel> kernels = new ArrayList<>(schedule.kernels());
        kernels.set(0, changed);
        return with(kernels);
    }

    private static void assertProblems(Schedule schedule, MemoryPlan plan, String... problems) {
        String message = assertThrows(IllegalStateException.class,
                () -> ScheduleVerifier.verify(PROGRAM, schedule, plan)).getMessage();
        List<String> lines = message.lines().toList();
        assertEquals("schedule entry is malformed:", lines.getFirst());
        assertEquals(List.of(problems), lines.subList(1, lines.indexOf("schedule entry")), message);
    }

    private Buffer buffer(String name) {
        return plan.offsets().keySet().stream().filter(buffer -> buffer.name().equals(name)).findFirst().orElseThrow();
    }

    @Test
    void aRightScheduleIsPrinted() {
        ScheduleVerifier.verify(PROGRAM, schedule, plan);
        assertEquals("""
                schedule entry
                arena of 128*((n + 1)//2) bytes: b at 0, c at 64*((n + 1)//2)

                kernel cpp_fused_copy_0(x) -> b, y
                  values s
                  row a: f32[n, 8]
                  for i0 < n
                    for j0 < 8
                      a[i0, j0] = exp(x[i0, j0])
                      s at [i0] = sum of a[i0, j0]
                    for j0 < 8
                      b[i0, j0] = a[i0, j0] / s[i0]
                      y[i0, j0] = sin(b[i0, j0])

                kernel cpp_fused_copy_1(b) -> c
                  for i0 < 8
                    for j0 < n
                      c[i0, j0] = b[-j0 + n - 1, i0]

                kernel cpp_fused_copy_2(c) -> z
                  for i0 < 8
                    for j0 < n
                      z[i0, j0] = c[-i0 + 7, j0]
                """, ScheduleText.print(schedule, plan));
    }

    @Test
    void kernelsRunAfterThoseTheyRead() {
        assertProblems(with(schedule.kernels().reversed()), MemoryPlan.of(with(schedule.kernels().reversed())),
                "cpp_fused_copy_2 reads c before it is written", "cpp_fused_copy_1 reads b before it is written");
        Schedule shorter = with(schedule.kernels().subList(0, 2));
        assertProblems(shorter, MemoryPlan.of(shorter), "no kernel computes z");
    }

    @Test
    void whatAKernelKeepsIsReadNowhereElse() {
        Map<Buffer, Layout> rows = new HashMap<>(first.scratch());
        rows.put(buffer("b"), new Layout(buffer("b").shape(), List.of(Size.ZERO, Size.ONE)));
        Kernel.Nest keeping = new Kernel.Nest(
                first.name(), first.outer(), first.phases(), first.lanes(), first.values(), rows, first.origins());
        assertProblems(with(keeping), MemoryPlan.of(with(keeping)),
                "cpp_fused_copy_1 reads b, which cpp_fused_copy_0 keeps to itself");
    }

    @Test
    void aValueIsReadInItsPhase() {
        Kernel.Nest valued = new Kernel.Nest(first.name(), first.outer(), first.phases(), first.lanes(),
                Set.of(first.values().iterator().next(), first.scratch().keySet().iterator().next()), Map.of(), first.origins());
        assertProblems(with(valued), plan, "cpp_fused_copy_0: a[i0, j0] is read after its phase, but is only a value");
    }

    @Test
    void phasesRunInOrder() {
        Kernel.Nest reversed = new Kernel.Nest(first.name(), first.outer(), first.phases().reversed(), first.lanes(),
                first.values(), first.scratch(), first.origins());
        assertProblems(with(reversed), plan, "cpp_fused_copy_0: a[i0, j0] is read before it is computed",
                "cpp_fused_copy_0: s[i0] is read before it is computed");
    }

    @Test
    void aReductionIsReadWhenItIsComplete() {
        Kernel.Phase phase = first.phases().getFirst();
        Size i = first.outer().getFirst();
        Size j = phase.inner().getFirst();
        List<Kernel.Statement> statements = new ArrayList<>(phase.statements());
        statements.add(new Kernel.Statement.Assign(
                new Loop.Store(buffer("b"), List.of(i, j), new Scalar.Load(first.values().iterator().next(), List.of(i)))));
        Kernel.Phase later = first.phases().getLast();
        Kernel.Nest early = new Kernel.Nest(first.name(), first.outer(), List.of(new Kernel.Phase(phase.inner(), statements),
                new Kernel.Phase(later.inner(), later.statements().subList(1, 2))), first.lanes(), first.values(), first.scratch(), first.origins());
        assertProblems(with(early), plan, "cpp_fused_copy_0: s[i0] is read while it is being reduced");
    }

    @Test
    void liveIntermediatesLieApart() {
        SequencedMap<Buffer, Size> offsets = new LinkedHashMap<>(plan.offsets());
        offsets.put(buffer("c"), Size.of(64));
        assertProblems(schedule, new MemoryPlan(offsets, plan.total(), plan.lowerBound()),
                "b and c overlap while both are alive for n = 19");
        offsets.put(buffer("c"), plan.offsets().get(buffer("c")).plus(4));
        assertProblems(schedule, new MemoryPlan(offsets, plan.total().plus(64), plan.lowerBound()), "c lies at byte 68 for n = 1");
        assertProblems(schedule, new MemoryPlan(plan.offsets(), plan.total().minus(64), plan.lowerBound()), "c ends beyond the arena for n = 1");
        offsets.remove(buffer("c"));
        assertProblems(schedule, new MemoryPlan(offsets, plan.total(), plan.lowerBound()), "c has no place in the arena");
    }
}
