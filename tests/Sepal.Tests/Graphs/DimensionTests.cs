using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Sepal.Graphs;
using Xunit;

namespace Sepal.Tests.Graphs;

public sealed class DimensionTests
{
    private static readonly Dimension Height = Dimension.Symbol("h");
    private static readonly Dimension Width = Dimension.Symbol("w");

    /// <summary>Small numbers, so that a product of a few of them fits 64 bits.</summary>
    public static Arbitrary<Dimension> Dimensions() => Arb.From(Expression(3));

    [Property(Arbitrary = [typeof(ShortExpressions)])]
    public void Sums_and_products_evaluate_as_those_of_numbers(Dimension left, Dimension right, PositiveInt h, PositiveInt w)
    {
        Dictionary<string, long> symbols = Symbols(h, w);
        long a = left.Evaluate(symbols);
        long b = right.Evaluate(symbols);
        Assert.Equal(a + b, (left + right).Evaluate(symbols));
        Assert.Equal(a - b, (left - right).Evaluate(symbols));
        Assert.Equal(a * b, (left * right).Evaluate(symbols));
    }

    [Property(Arbitrary = [typeof(ShortExpressions)])]
    public void The_laws_of_rings_hold_between_expressions(Dimension a, Dimension b, Dimension c)
    {
        Assert.Equal(a + b, b + a);
        Assert.Equal(a * b, b * a);
        Assert.Equal((a + b) + c, a + (b + c));
        Assert.Equal((a * b) * c, a * (b * c));
        Assert.Equal(a * (b + c), (a * b) + (a * c));
        Assert.Equal(0, a - a);
        Assert.Equal(a, a * 1);
        Assert.Equal((a + b).GetHashCode(), (b + a).GetHashCode());
    }

    [Property(Arbitrary = [typeof(DimensionTests)])]
    public void Quotients_round_down_and_up(Dimension dividend, PositiveInt divisor, PositiveInt h, PositiveInt w)
    {
        Dictionary<string, long> symbols = Symbols(h, w);
        double exact = (double)dividend.Evaluate(symbols) / divisor.Get;
        Assert.Equal(Math.Floor(exact), Dimension.FloorDivide(dividend, divisor.Get).Evaluate(symbols));
        Assert.Equal(Math.Ceiling(exact), Dimension.CeilingDivide(dividend, divisor.Get).Evaluate(symbols));
    }

    [Property(Arbitrary = [typeof(DimensionTests)])]
    public void Multiples_of_the_divisor_leave_the_quotient(Dimension dividend, Dimension multiple, PositiveInt divisor) =>
        Assert.Equal(
            Dimension.FloorDivide(dividend, divisor.Get) + multiple,
            Dimension.FloorDivide(dividend + (multiple * divisor.Get), divisor.Get));

    [Fact]
    public void Floor_division_keeps_only_what_does_not_divide()
    {
        Assert.Equal((Height * 2) + 1, Dimension.FloorDivide((Height * 4) + 3, 2));
        Assert.Equal(Height + Dimension.FloorDivide(Height, 2), Dimension.FloorDivide(Height * 3, 2));
        Assert.Equal(1, Dimension.FloorDivide(Height, Height));
        Assert.Equal(-4, Dimension.FloorDivide(-7, 2));
        Assert.Equal(-3, Dimension.CeilingDivide(-7, 2));
    }

    [Fact]
    public void Factors_of_a_divisor_that_the_dividend_has_leave_the_quotient()
    {
        Assert.Equal(Width * 12, Dimension.FloorDivide(Height * Width * 12, Height));
        Assert.Equal((Width * 6) + 3, Dimension.FloorDivide(((Width * 12) + 6) * Height, Height * 2));
        Assert.Equal(Dimension.FloorDivide(Width, 2), Dimension.FloorDivide(Height * Width, Height * 2));
        Assert.Equal(0, Dimension.FloorDivide(0, Height));
        Assert.NotEqual(Width, Dimension.FloorDivide((Height * Width) + 1, Height));
    }

    [Fact]
    public void A_symbolic_divisor_is_kept_and_evaluated()
    {
        Dimension quotient = Dimension.FloorDivide(Height * Width, Width + 1);
        Assert.Equal(40 / 9, quotient.Evaluate(new Dictionary<string, long> { ["h"] = 5, ["w"] = 8 }));
    }

    [Fact]
    public void Different_expressions_differ()
    {
        Assert.NotEqual(Height, Width);
        Assert.NotEqual(Height, Height + 1);
        Assert.NotEqual<Dimension>(3, Height);
        Assert.True(Height != Width);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_divisor_must_be_positive(long divisor) =>
        Assert.Contains(
            "must be positive",
            Assert.Throws<SepalException>(() => Dimension.FloorDivide(Height, divisor)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void An_open_dimension_has_no_value_and_names_what_is_missing()
    {
        Assert.False((Height + 1).IsKnown);
        Assert.Throws<SepalException>(() => Height.Value);
        var exception = Assert.Throws<SepalException>(() => (Height * Width).Evaluate(new Dictionary<string, long> { ["h"] = 5 }));
        Assert.Contains("'w'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("h = 5", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Overflow_is_an_error_not_a_wrong_number()
    {
        Dimension large = long.MaxValue;
        Assert.Throws<SepalException>(() => large + 1);
        Assert.Throws<SepalException>(() => large * 2);
        Assert.Throws<SepalException>(() => (Height * Height).Evaluate(new Dictionary<string, long> { ["h"] = long.MaxValue }));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Reads_as_a_formula(Dimension dimension, string expected) => Assert.Equal(expected, dimension.ToString());

    public static TheoryData<Dimension, string> Texts() => new()
    {
        { 7, "7" },
        { Dimension.Batch, "batch" },
        { Height * 2, "2·h" },
        { (Height * -1) + 3, "-h + 3" },
        { Height - Width - 2, "h - w - 2" },
        { Dimension.FloorDivide(Height + 1, 2), "⌊(h + 1) / 2⌋" },
    };

    private static Gen<Dimension> Expression(int depth)
    {
        Gen<Dimension> leaf = Gen.OneOf(
            Gen.Choose(-4, 4).Select(number => (Dimension)number), Gen.Constant(Height), Gen.Constant(Width));
        if (depth == 0)
        {
            return leaf;
        }

        Gen<Dimension> part = Expression(depth - 1);
        return Gen.OneOf(
            leaf,
            part.Zip(part, (left, right) => left + right),
            part.Zip(part, (left, right) => left * right),
            part.Zip(Gen.Choose(1, 4), (dividend, divisor) => Dimension.FloorDivide(dividend, divisor)));
    }

    private static Dictionary<string, long> Symbols(PositiveInt h, PositiveInt w) => new() { ["h"] = h.Get % 50, ["w"] = w.Get % 50 };

    /// <summary>Of at most four terms, so that a product of three has no more than the 64 that an expression may have.</summary>
    private static class ShortExpressions
    {
        public static Arbitrary<Dimension> Dimensions() => Arb.From(Expression(2));
    }
}
