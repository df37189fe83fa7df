package scenarios;

import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.shape.Size;
import java.util.ArrayList;
import java.util.List;

/** Entries that take and return records, arrays and lists. */
@Model
public class Structures {

    /** Keys and values of one layer. */
    public record Cache(@Spec("f32[rows, 2]") Tensor keys, @Spec("f32[rows, 2]") Tensor values) {
    }

    /** A query with how sharp the answer is to be. */
    public record Query(@Spec("f32[2]") Tensor vector, @Spec("f32[]") Tensor sharpness) {
    }

    /** What came out, with the value of it all. */
    public record Answer(Tensor best, List<Cache> caches, @Spec("f32[]") Tensor total, Size rows) {
    }

    @Entry
    @Dim(name = "rows", max = 100)
    public Answer ask(Query query, @Spec(count = 2) List<Cache> caches) {
        Tensor sum = query.vector().mul(0);
        List<Cache> doubled = new ArrayList<>();
        for (Cache cache : caches) {
            Tensor weights = cache.keys().matmul(query.vector()).mul(query.sharpness());
            sum = sum.add(weights.matmul(cache.values()));
            doubled.add(new Cache(cache.keys().mul(2), cache.values().add(weights.view(-1, 1))));
        }
        return new Answer(sum, doubled, sum.sum(), caches.getFirst().keys().size(0));
    }

    /** Several tensors of different sizes in, several out. */
    @Entry
    public Tensor[] running(@Spec({"f32[2]", "f32[3]"}) Tensor[] parts, @Spec(value = "i64[2]", count = 3) List<Tensor> counts) {
        Tensor joined = Tensor.cat(0, parts);
        return new Tensor[] {joined.cumsum(0), counts.get(0).add(counts.get(1)).mul(counts.get(2)), parts[1]};
    }
}
