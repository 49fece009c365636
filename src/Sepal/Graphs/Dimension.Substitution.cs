namespace Sepal.Graphs;

/// <content>Other expressions in the place of symbols.</content>
public readonly partial struct Dimension
{
    /// <summary>
    /// The expression with others in the place of some symbols. Floors of floors become one:
    /// <c>⌊(⌊(h + 1) / 2⌋ + 1) / 2⌋</c> is <c>⌊(h + 3) / 4⌋</c>.
    /// </summary>
    /// <param name="replacements">What stands for which symbol; other symbols stay.</param>
    internal Dimension Substitute(IReadOnlyDictionary<string, Dimension> replacements)
    {
        Dimension sum = _constant;
        foreach (Term term in _terms ?? [])
        {
            Dimension product = term.Coefficient;
            foreach (Atom atom in term.Factors)
            {
                product *= atom switch
                {
                    SymbolAtom symbol => replacements.TryGetValue(symbol.Name, out Dimension other) ? other : Symbol(symbol.Name),
                    FloorAtom floor => FloorOnce(floor.Dividend.Substitute(replacements), floor.Divisor.Substitute(replacements)),
                    _ => throw new InvalidOperationException($"Unknown factor {atom.Key}."),
                };
            }

            sum += product;
        }

        return sum;
    }

    /// <summary>The names of all symbols, those within divisions too.</summary>
    internal IEnumerable<string> SymbolNames => (_terms ?? []).SelectMany(term => term.Factors).SelectMany(atom => atom switch
    {
        SymbolAtom symbol => [symbol.Name],
        FloorAtom floor => floor.Dividend.SymbolNames.Concat(floor.Divisor.SymbolNames),
        _ => Enumerable.Empty<string>(),
    }).Distinct();

    /// <summary>The floor divisions that the expression holds, outermost ones only.</summary>
    internal IEnumerable<(Dimension Dividend, Dimension Divisor)> Floors =>
        (_terms ?? []).SelectMany(term => term.Factors).OfType<FloorAtom>().Select(floor => (floor.Dividend, floor.Divisor)).Distinct();

    private static Dimension FloorOnce(Dimension dividend, Dimension divisor)
    {
        Dimension result = FloorDivide(dividend, divisor);

        // ⌊(⌊a / b⌋ + c) / d⌋ = ⌊(a + b·c) / (b·d)⌋ for whole numbers with b and d above 0.
        while (result is { _constant: var added, _terms: [{ Coefficient: 1, Factors: [FloorAtom { Divisor.IsKnown: true } outer] }] }
            && outer.Dividend is { _constant: var constant, _terms: [{ Coefficient: 1, Factors: [FloorAtom { Divisor.IsKnown: true } inner] }] })
        {
            result = FloorDivide(inner.Dividend + (inner.Divisor * constant), inner.Divisor * outer.Divisor) + added;
        }

        return result;
    }
}
