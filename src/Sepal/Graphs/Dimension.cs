using System.Globalization;

namespace Sepal.Graphs;

/// <summary>
/// One extent of a tensor: a number, a symbol (the batch, an open height), or sums, products and floor
/// divisions of them. Held as a polynomial in canonical form, so that equal expressions compare equal.
/// </summary>
public readonly partial struct Dimension : IEquatable<Dimension>
{
    // Null when the dimension is a plain number, which is the common case and costs no allocation.
    private readonly Term[]? _terms;
    private readonly long _constant;

    private Dimension(long constant, Term[]? terms = null)
    {
        _constant = constant;
        _terms = terms is { Length: 0 } ? null : Bounded(terms);
    }

    /// <summary>The batch dimension's usual symbol.</summary>
    public static Dimension Batch { get; } = Symbol("batch");

    /// <summary>Whether this is a plain number.</summary>
    public bool IsKnown => _terms is null;

    /// <summary>The number, if <see cref="IsKnown"/>.</summary>
    /// <exception cref="SepalException">The dimension holds a symbol.</exception>
    public long Value => IsKnown
        ? _constant
        : throw new SepalException($"The dimension {this} is not a number yet. Give its symbols values first (Evaluate).");

    /// <summary>Makes an open dimension with a name.</summary>
    /// <param name="name">The symbol's name, for example <c>batch</c>.</param>
    /// <returns>The dimension.</returns>
    public static Dimension Symbol(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new Dimension(0, [new Term(1, [new SymbolAtom(name)])]);
    }

    /// <summary>Gives every symbol a value and computes the number.</summary>
    /// <param name="symbols">Values by symbol name.</param>
    /// <returns>The number.</returns>
    /// <exception cref="SepalException">A symbol has no value, or the result does not fit 64 bits.</exception>
    public long Evaluate(IReadOnlyDictionary<string, long> symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        if (_terms is null)
        {
            return _constant;
        }

        try
        {
            long sum = _constant;
            foreach (Term term in _terms)
            {
                long product = term.Coefficient;
                foreach (Atom atom in term.Factors)
                {
                    product = checked(product * atom.Evaluate(symbols));
                }

                sum = checked(sum + product);
            }

            return sum;
        }
        catch (OverflowException exception)
        {
            throw new SepalException($"The dimension {this} does not fit 64 bits with these symbol values.", exception);
        }
    }

    /// <summary>A plain number as a dimension.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Dimension(long value) => new(value);

    /// <summary>A plain number as a dimension.</summary>
    /// <param name="value">The number.</param>
    /// <returns>The dimension.</returns>
    public static Dimension FromInt64(long value) => value;

    /// <summary>The sum of two dimensions.</summary>
    /// <param name="left">The first.</param>
    /// <param name="right">The second.</param>
    public static Dimension operator +(Dimension left, Dimension right) =>
        left._terms is null && right._terms is null
            ? new Dimension(CheckedAdd(left._constant, right._constant))
            : Collect(CheckedAdd(left._constant, right._constant), [.. left._terms ?? [], .. right._terms ?? []]);

    /// <summary>The difference of two dimensions.</summary>
    /// <param name="left">The first.</param>
    /// <param name="right">What is taken away.</param>
    public static Dimension operator -(Dimension left, Dimension right) => left + (right * -1);

    /// <summary>The product of two dimensions.</summary>
    /// <param name="left">The first.</param>
    /// <param name="right">The second.</param>
    public static Dimension operator *(Dimension left, Dimension right)
    {
        if (left._terms is null && right._terms is null)
        {
            return new Dimension(CheckedMultiply(left._constant, right._constant));
        }

        var terms = new List<Term>();
        foreach (Term leftTerm in left.AllTerms())
        {
            foreach (Term rightTerm in right.AllTerms())
            {
                terms.Add(new Term(
                    CheckedMultiply(leftTerm.Coefficient, rightTerm.Coefficient),
                    Sort([.. leftTerm.Factors, .. rightTerm.Factors])));
            }
        }

        return Collect(0, terms);
    }

    /// <summary>The sum of two dimensions.</summary>
    /// <param name="left">The first.</param>
    /// <param name="right">The second.</param>
    /// <returns>The sum.</returns>
    public static Dimension Add(Dimension left, Dimension right) => left + right;

    /// <summary>The difference of two dimensions.</summary>
    /// <param name="left">The first.</param>
    /// <param name="right">What is taken away.</param>
    /// <returns>The difference.</returns>
    public static Dimension Subtract(Dimension left, Dimension right) => left - right;

    /// <summary>The product of two dimensions.</summary>
    /// <param name="left">The first.</param>
    /// <param name="right">The second.</param>
    /// <returns>The product.</returns>
    public static Dimension Multiply(Dimension left, Dimension right) => left * right;

    /// <summary>
    /// The quotient rounded towards minus infinity. What divides evenly leaves the floor:
    /// <c>⌊(4·h + 3) / 2⌋</c> becomes <c>2·h + 1</c>. So do common factors: <c>⌊12·n·h / n⌋</c> becomes <c>12·h</c>.
    /// </summary>
    /// <param name="dividend">What is divided.</param>
    /// <param name="divisor">A positive number, or an expression that has positive values.</param>
    /// <returns>The quotient.</returns>
    public static Dimension FloorDivide(Dimension dividend, Dimension divisor)
    {
        if (divisor is { IsKnown: true, Value: <= 0 })
        {
            throw new SepalException($"Cannot divide the dimension {dividend} by {divisor}: a divisor must be positive.");
        }

        if (!divisor.IsKnown)
        {
            return dividend == divisor ? 1
                : Cancel(ref dividend, ref divisor) ? FloorDivide(dividend, divisor)
                : new Dimension(0, [new Term(1, [new FloorAtom(dividend, divisor)])]);
        }

        long number = divisor._constant;
        if (dividend._terms is null)
        {
            return FloorDivide(dividend._constant, number);
        }

        var whole = new List<Term>();
        var rest = new List<Term>();
        foreach (Term term in dividend._terms)
        {
            // Of a coefficient, too, the multiple of the divisor leaves: equal quotients must not be written in two ways.
            long quotient = FloorDivide(term.Coefficient, number);
            long remainder = term.Coefficient - (quotient * number);
            if (quotient != 0)
            {
                whole.Add(term with { Coefficient = quotient });
            }

            if (remainder != 0)
            {
                rest.Add(term with { Coefficient = remainder });
            }
        }

        long wholeConstant = FloorDivide(dividend._constant, number);
        if (rest.Count == 0)
        {
            return Collect(wholeConstant, whole);
        }

        var inner = new Dimension(dividend._constant - (wholeConstant * number), [.. rest]);
        whole.Add(new Term(1, [new FloorAtom(inner, number)]));
        return Collect(wholeConstant, whole);
    }

    /// <summary>The quotient rounded up.</summary>
    /// <param name="dividend">What is divided.</param>
    /// <param name="divisor">A positive divisor.</param>
    /// <returns>The quotient.</returns>
    public static Dimension CeilingDivide(Dimension dividend, Dimension divisor) =>
        FloorDivide(dividend + divisor - 1, divisor);

    /// <summary>Whether two dimensions are the same expression.</summary>
    /// <param name="left">The first.</param>
    /// <param name="right">The second.</param>
    public static bool operator ==(Dimension left, Dimension right) => left.Equals(right);

    /// <summary>Whether two dimensions are different expressions.</summary>
    /// <param name="left">The first.</param>
    /// <param name="right">The second.</param>
    public static bool operator !=(Dimension left, Dimension right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Dimension other) =>
        _constant == other._constant
        && (_terms ?? []).Select(term => (term.Coefficient, term.Key))
            .SequenceEqual((other._terms ?? []).Select(term => (term.Coefficient, term.Key)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Dimension other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _terms is null ? _constant.GetHashCode() : ToString().GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString()
    {
        if (_terms is null)
        {
            return _constant.ToString(CultureInfo.InvariantCulture);
        }

        string text = string.Empty;
        foreach (Term term in _terms)
        {
            string sign = term.Coefficient < 0 ? "-" : text.Length > 0 ? "+" : string.Empty;
            ulong size = term.Coefficient < 0 ? 0ul - (ulong)term.Coefficient : (ulong)term.Coefficient;
            string factor = size == 1 ? string.Empty : size.ToString(CultureInfo.InvariantCulture) + "·";
            text += text.Length > 0 ? $" {sign} {factor}{term.Key}" : $"{sign}{factor}{term.Key}";
        }

        return _constant switch
        {
            0 => text,
            < 0 => $"{text} - {-_constant}",
            _ => $"{text} + {_constant}",
        };
    }

    private static long FloorDivide(long dividend, long divisor) =>
        (dividend / divisor) - (dividend % divisor < 0 ? 1 : 0);

    private static long CheckedAdd(long left, long right)
    {
        try
        {
            return checked(left + right);
        }
        catch (OverflowException exception)
        {
            throw new SepalException($"The dimension {left} + {right} does not fit 64 bits.", exception);
        }
    }

    private static long CheckedMultiply(long left, long right)
    {
        try
        {
            return checked(left * right);
        }
        catch (OverflowException exception)
        {
            throw new SepalException($"The dimension {left} · {right} does not fit 64 bits.", exception);
        }
    }
}
