package scenarios;

import io.toroid.DType;
import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.shape.Size;
import java.util.stream.Stream;

/** Numbers and truth values that come with each call. */
@Model
public class Scalars {

    public record Mean(@Spec("f64[]") Tensor mean, @Spec("bool[]") Tensor large, Size count, Tensor rest) {
    }

    /** The first rows, and what is left: a size that comes as a number. */
    @Entry
    @Dim(name = "rows", max = 50)
    @Dim(name = "count", min = 1, max = 10)
    public Mean firstRows(@Spec("f64[rows]") Tensor x, Size count, @Spec("f64[]") Tensor limit) {
        Tensor first = x.slice(0, Size.ZERO, count.min(x.size(0)));
        Tensor mean = first.sum().div(count);
        return new Mean(mean, mean.gt(limit), count.times(2), Tensor.arange(count).mul(count).add(x.size(0)));
    }

    /** Only sizes: what comes out depends on nothing else. */
    @Entry
    @Dim(name = "rows", min = 0, max = 6, multipleOf = 2)
    @Dim(name = "columns", max = 5)
    public Tensor table(Size rows, Size columns) {
        return Tensor.arange(rows).view(-1, 1).mul(columns).add(Tensor.arange(columns));
    }

    /** A size that is an axis, too. */
    @Entry
    @Dim(name = "n", max = 9)
    public Tensor same(@Spec("f32[n]") Tensor x, Size n) {
        return x.mul(n);
    }

    /** Every type of number. */
    @Entry
    public Tensor all(@Spec("f32[]") Tensor a, @Spec("f64[]") Tensor b, @Spec("i64[]") Tensor c, @Spec("i32[]") Tensor d, @Spec("i16[]") Tensor e,
            @Spec("i8[]") Tensor f, @Spec("u8[]") Tensor g, @Spec("bool[]") Tensor h, @Spec("f16[]") Tensor i, @Spec("bf16[]") Tensor j,
            @Spec("f64[10]") Tensor factors) {
        return Tensor.stack(0, Stream.of(a, b, c, d, e, f, g, h, i, j).map(number -> number.to(DType.F64)).toList()).mul(factors);
    }

    /** One value in, one out. */
    @Entry
    @Spec("f32[]")
    public Tensor half(@Spec("f32[]") Tensor x) {
        return x.div(2);
    }
}
