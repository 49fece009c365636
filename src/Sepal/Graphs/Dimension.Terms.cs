using System.Collections.Immutable;

namespace Sepal.Graphs;

/// <content>The parts of an open dimension, for what writes it down or computes it elsewhere.</content>
public readonly partial struct Dimension
{
    /// <summary>The terms whose sum the dimension is; none for 0.</summary>
    internal ImmutableArray<DimensionTerm> Terms =>
        [.. AllTerms().Select(term => new DimensionTerm(term.Coefficient, [.. term.Factors.Select(Factor)]))];

    private static DimensionFactor Factor(Atom atom) => atom switch
    {
        SymbolAtom symbol => new DimensionFactor(symbol.Name, 0, 1),
        FloorAtom floor => new DimensionFactor(Symbol: null, floor.Dividend, floor.Divisor),
        _ => throw new InvalidOperationException($"Unknown factor {atom.Key}."),
    };
}

/// <summary>A number times a product.</summary>
/// <param name="Coefficient">The number.</param>
/// <param name="Factors">What it is multiplied by.</param>
internal readonly record struct DimensionTerm(long Coefficient, ImmutableArray<DimensionFactor> Factors);

/// <summary>A symbol, or else a floor division.</summary>
/// <param name="Symbol">The symbol's name; null for a division.</param>
/// <param name="Dividend">What is divided.</param>
/// <param name="Divisor">By what.</param>
internal readonly record struct DimensionFactor(string? Symbol, Dimension Dividend, Dimension Divisor);
