using System.Globalization;
using Sepal.Graphs;

namespace Sepal.Costs;

/// <summary>Writes polynomials as people do.</summary>
internal static class SymbolicText
{
    /// <summary>A polynomial in H and W, from one in their quotients by the stride.</summary>
    /// <param name="multiple">The polynomial in the quotients.</param>
    /// <param name="stride">What the sizes were divided by.</param>
    public static string Polynomial(Dimension multiple, int stride)
    {
        string text = string.Join(
            " + ",
            multiple.Terms.OrderByDescending(term => term.Factors.Length).Select(term =>
            {
                int divided = term.Factors.Count(factor => factor.Symbol != SymbolicCost.BatchSymbol);
                decimal coefficient = term.Coefficient;
                for (int index = 0; index < divided; index++)
                {
                    coefficient /= stride;
                }

                string number = coefficient.ToString("#,0.##########", CultureInfo.InvariantCulture);
                return term.Factors.IsEmpty ? number : $"{number}·{string.Join('·', term.Factors.Select(factor => factor.Symbol))}";
            }));
        return text.Length == 0 ? "0" : text.Replace("+ -", "- ", StringComparison.Ordinal);
    }
}
