namespace Sepal.Graphs;

/// <content>The canonical form: terms sorted by their factors, equal terms added up.</content>
public readonly partial struct Dimension
{
    // Sizes in a network are sums of a few products. Beyond these bounds an expression was made to grow: every node may square
    // it or wrap it in another division.
    private const int MostTerms = 64;
    private const int LongestText = 8192;

    /// <summary>The symbol's name, if the dimension is one symbol and nothing else; otherwise null.</summary>
    internal string? SymbolName =>
        _constant == 0 && _terms is [{ Coefficient: 1, Factors: [SymbolAtom symbol] }] ? symbol.Name : null;

    private static Dimension Collect(long constant, IEnumerable<Term> terms)
    {
        var byKey = new SortedDictionary<string, Term>(StringComparer.Ordinal);
        foreach (Term term in terms)
        {
            if (term.Factors.Length == 0)
            {
                constant = CheckedAdd(constant, term.Coefficient);
            }
            else if (byKey.TryGetValue(term.Key, out Term? same))
            {
                byKey[term.Key] = same with { Coefficient = CheckedAdd(same.Coefficient, term.Coefficient) };
            }
            else
            {
                byKey.Add(term.Key, term);
            }
        }

        return new Dimension(constant, [.. byKey.Values.Where(term => term.Coefficient != 0)]);
    }

    private static Term[]? Bounded(Term[]? terms) => terms is null || (terms.Length <= MostTerms && terms.Sum(term => term.Key.Length) <= LongestText)
        ? terms
        : throw new SepalException(
            $"A dimension would be an expression of {terms.Length} terms and {terms.Sum(term => (long)term.Key.Length)} characters; at most {MostTerms} "
            + $"and {LongestText} are kept. Fix the open dimensions of the inputs to numbers.");

    private static Atom[] Sort(Atom[] factors)
    {
        Array.Sort(factors, (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return factors;
    }

    /// <summary>Takes the factors of a divisor of one term out of both, where the dividend has them everywhere.</summary>
    private static bool Cancel(ref Dimension dividend, ref Dimension divisor)
    {
        if (divisor._constant != 0 || divisor._terms is not [{ Coefficient: > 0 } only])
        {
            return false;
        }

        var kept = new List<Term>();
        foreach (Term term in dividend.AllTerms())
        {
            var factors = new List<Atom>(term.Factors);
            foreach (Atom factor in only.Factors)
            {
                int index = factors.FindIndex(other => other.Key == factor.Key);
                if (index < 0)
                {
                    return false;
                }

                factors.RemoveAt(index);
            }

            kept.Add(new Term(term.Coefficient, [.. factors]));
        }

        dividend = Collect(0, kept);
        divisor = only.Coefficient;
        return true;
    }

    private IEnumerable<Term> AllTerms()
    {
        if (_constant != 0)
        {
            yield return new Term(_constant, []);
        }

        foreach (Term term in _terms ?? [])
        {
            yield return term;
        }
    }

    /// <summary>A number times a product of symbols and floor divisions.</summary>
    private sealed record Term(long Coefficient, Atom[] Factors)
    {
        public string Key { get; } = string.Join("·", Factors.Select(factor => factor.Key));
    }

    /// <summary>What a polynomial is made of besides numbers.</summary>
    private abstract record Atom
    {
        public abstract string Key { get; }

        public abstract long Evaluate(IReadOnlyDictionary<string, long> symbols);
    }

    private sealed record SymbolAtom(string Name) : Atom
    {
        public override string Key => Name;

        public override long Evaluate(IReadOnlyDictionary<string, long> symbols) =>
            symbols.TryGetValue(Name, out long value)
                ? value
                : throw new SepalException($"The dimension '{Name}' is open and was given no value. Known: {Known(symbols)}.");

        private static string Known(IReadOnlyDictionary<string, long> symbols) =>
            symbols.Count == 0 ? "none" : string.Join(", ", symbols.Select(pair => $"{pair.Key} = {pair.Value}"));
    }

    private sealed record FloorAtom(Dimension Dividend, Dimension Divisor) : Atom
    {
        public override string Key { get; } = $"⌊({Dividend}) / {(Divisor.IsKnown ? $"{Divisor}" : $"({Divisor})")}⌋";

        public override long Evaluate(IReadOnlyDictionary<string, long> symbols)
        {
            long divisor = Divisor.Evaluate(symbols);
            return divisor > 0
                ? FloorDivide(Dividend.Evaluate(symbols), divisor)
                : throw new SepalException($"The dimension {Key} divides by {divisor} with these symbol values.");
        }
    }
}
