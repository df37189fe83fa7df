package scenarios;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.runtime.ToroidException;
import java.util.Arrays;

public class InputsUse {

    public static void check() {
        try (CompiledInputs model = CompiledInputs.load()) {
            pytreeInputs(model);
            intListInput(model);
            nonTensorInput(model);
            condNonTensorPredicates(model);
            condSymintInput(model);
            customOpInSubgraph(model);
            whileLoopWithPytreeInputs(model);
        }
    }

    private static void pytreeInputs(CompiledInputs model) {
        float[][] results = model.pytreeInputs(new CompiledInputs.Named(
                new float[] {1, 2, 3, 4, 5}, new float[] {2, 2, 2, 2, 2}, new float[] {0, -1, 1, 0.5f, 3}));
        assertArrayEquals(new float[][] {{3, 3, 6, 6.5f, 10}, {0, -4, 6, 4, 30}}, results);
    }

    private static void intListInput(CompiledInputs model) {
        float[][] x = {{1, 2, 3}, {4, 5, 6}};
        assertArrayEquals(new float[][] {{12, 24, 36}, {48, 60, 72}}, model.intListInput(x, new CompiledInputs.Factors(3, 4)));
        assertArrayEquals(new float[][] {{100, 200, 300}, {400, 500, 600}}, model.intListInput(x, new CompiledInputs.Factors(100, 1)));
    }

    private static void nonTensorInput(CompiledInputs model) {
        float[] ones = new float[10];
        Arrays.fill(ones, 1);
        float[] expected = new float[10];
        Arrays.fill(expected, 4);
        assertArrayEquals(expected, model.nonTensorInput(ones, ones, 3.0));
        Arrays.fill(expected, 0.75f);
        assertArrayEquals(expected, model.nonTensorInput(ones, ones, -0.25));
    }

    private static void condNonTensorPredicates(CompiledInputs model) {
        float[][] few = new float[10][2];
        few[9][1] = 3;
        assertEquals(2, model.condNonTensorPredicates(few)[9][1]);
        float[][] many = new float[11][2];
        many[9][1] = 3;
        assertEquals(6, model.condNonTensorPredicates(many)[9][1]);
    }

    private static void condSymintInput(CompiledInputs model) {
        assertArrayEquals(new float[] {8, 8, 8, 8, 8, 8}, model.condSymintInput(new float[6], new float[8], new float[] {1, 2}));
        assertArrayEquals(new float[] {6, 6}, model.condSymintInput(new float[2], new float[8], new float[] {1, 2}));
    }

    private static void customOpInSubgraph(CompiledInputs model) {
        assertArrayEquals(new float[] {7.5f, 12, 0.75f}, model.customOpInSubgraph(new long[] {1, 2, 7}, 3));
        assertArrayEquals(new float[3], model.customOpInSubgraph(new long[] {1, 2, 99}, 0));
        assertEquals("scenarios.Inputs.customOpInSubgraph: examples::lookup at Inputs.java:71: java.lang.IllegalArgumentException: nobody sells item 99",
                assertThrows(ToroidException.class, () -> model.customOpInSubgraph(new long[] {1, 2, 99}, 1)).getMessage());
    }

    private static void whileLoopWithPytreeInputs(CompiledInputs model) {
        float[][] x = new float[10][20];
        x[3][4] = 0.5f;
        CompiledInputs.Carried result = model.whileLoopWithPytreeInputs(2, new CompiledInputs.Carried(x, new CompiledInputs.Others(x, x)));
        assertEquals(Math.sin(Math.sin(0.5)), result.x()[3][4], 1e-6);
        assertEquals(Math.cos(Math.cos(0.5)), result.others().y()[3][4], 1e-6);
        assertEquals(1 + Math.sin(0.5), result.others().z()[3][4], 1e-6);
        assertEquals(0, result.x()[0][0]);
    }
}
