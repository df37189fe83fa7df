package io.toroid.op;

import io.toroid.DType;
import io.toroid.Index;
import io.toroid.Tensor;
import io.toroid.TensorException.Kind;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What {@link Tensor#index} and {@link Tensor#indexPut} are in operators: views first, then the places that tensors name. */
public final class Indexing {

    private Indexing() {
    }

    /** {@code tensor[indices]}. */
    public static Tensor select(Tensor tensor, Index... indices) {
        Tensor view = tensor;
        List<Tensor> places = new ArrayList<>();
        for (Index index : written("index", tensor, indices)) {
            int axis = places.stream().mapToInt(Masks::covered).sum();
            switch (index) {
                case Index.At(var place) -> view = view.select(axis, place);
                case Index.NewAxis() -> {
                    view = view.unsqueeze(axis);
                    places.add(null);
                }
                case Index.Slice(var start, var end, long step) -> {
                    view = ViewOperators.SLICE.call(view, axis, start, end, step);
                    places.add(null);
                }
                case Index.All() -> places.add(null);
                case Index.Places(Tensor given) -> places.add(given);
                case Index.Rest() -> throw new IllegalStateException("written out before");
            }
        }
        return places.stream().allMatch(place -> place == null) ? view : IndexingOperators.INDEX.call(view, places);
    }

    /** {@code tensor} with {@code tensor[indices] = values}, or {@code +=}. */
    public static Tensor put(Tensor tensor, Tensor values, boolean accumulate, Index... indices) {
        List<Index> all = written("indexPut", tensor, indices);
        List<Tensor> places = new ArrayList<>();
        for (Index index : all) {
            switch (index) {
                case Index.All() -> places.add(null);
                case Index.Places(Tensor given) -> places.add(given);
                case Index.At(var place) -> places.add(CreationOperators.FULL.call(List.of(), place, DType.I64));
                case Index.Slice _, Index.NewAxis _ -> throw Rules.mistake(Kind.ARGUMENT, "indexPut",
                        "takes Index.all(), Index.at and Index.rest(); name the places of a slice with Tensor.arange, or use selectScatter");
                case Index.Rest() -> throw new IllegalStateException("written out before");
            }
        }
        return numbersPart(all) ? putIntoPart(tensor, values, accumulate, all)
                : ScatterOperators.INDEX_PUT.call(tensor, places, values, accumulate);
    }

    /** Numbers select before tensors do, so they do not part tensors that are neighbours without them. */
    private static boolean numbersPart(List<Index> indices) {
        List<Index> others = indices.stream().filter(index -> !(index instanceof Index.At)).toList();
        return others.stream().anyMatch(Index.Places.class::isInstance) && start(others) != start(indices);
    }

    private static int start(List<Index> indices) {
        return IndexPlan.start(indices.stream().map(index -> index instanceof Index.All ? Optional.empty() : Optional.of(index)).toList());
    }

    private static Tensor putIntoPart(Tensor tensor, Tensor values, boolean accumulate, List<Index> indices) {
        int number = IntStream.range(0, indices.size()).filter(i -> indices.get(i) instanceof Index.At).findFirst().orElseThrow();
        int axis = indices.subList(0, number).stream().mapToInt(Indexing::covered).sum();
        Size place = ((Index.At) indices.get(number)).place();
        List<Index> others = new ArrayList<>(indices);
        others.remove(number);
        Tensor part = put(tensor.select(axis, place), values, accumulate, others.toArray(Index[]::new));
        return RearrangingOperators.SELECT_SCATTER.call(tensor, part, axis, place);
    }

    private static int covered(Index index) {
        return switch (index) {
            case Index.Rest _, Index.NewAxis _ -> 0;
            case Index.Places(Tensor given) -> Masks.covered(given);
            case Index.At _, Index.Slice _, Index.All _ -> 1;
        };
    }

    /** With {@code :} for each dimension that the rest stands for. */
    private static List<Index> written(String title, Tensor tensor, Index... indices) {
        List<Index> all = new ArrayList<>(Arrays.asList(indices));
        int named = all.stream().mapToInt(Indexing::covered).sum();
        int rests = (int) all.stream().filter(Index.Rest.class::isInstance).count();
        if (rests > 1 || named > tensor.dim()) {
            throw Rules.mistake(Kind.SHAPE, title, rests > 1 ? "Index.rest() may stand once, not %d times".formatted(rests)
                    : "there are indices for %d dimensions, but %s has %d".formatted(named, tensor.type(), tensor.dim()));
        }
        int at = rests == 1 ? all.indexOf(Index.rest()) : all.size();
        if (rests == 1) {
            all.remove(at);
        }
        all.addAll(at, Collections.nCopies(tensor.dim() - named, Index.all()));
        return all;
    }
}
