using Sepal.Cli.Comparison;
using Sepal.Cli.Tables;

namespace Sepal.Cli.Reports;

/// <summary>The comparison as a Markdown document.</summary>
internal static class ComparisonDocument
{
    /// <summary>Renders the document.</summary>
    /// <param name="result">The comparison, complete or not.</param>
    /// <returns>The file's text.</returns>
    public static string Render(ComparisonResult result)
    {
        var text = new StringWriter { NewLine = "\n" };
        text.WriteLine("# Standard and separable convolutions, side by side");
        text.WriteLine();
        text.WriteLine(result.Verdict);
        text.WriteLine();
        Markdown.Write(ComparisonTables.Networks(result), text);
        text.WriteLine();
        text.WriteLine(result.Summary);
        text.WriteLine();
        text.WriteLine("## Where the cost is");
        foreach (NetworkResult network in result.Networks)
        {
            text.WriteLine();
            Markdown.Write(ComparisonTables.Layers(network), text);
        }

        text.WriteLine();
        text.WriteLine("## How it was measured");
        text.WriteLine();
        foreach ((string name, string fact) in ComparisonMethod.Facts(result))
        {
            text.WriteLine($"* {name}: {fact}.");
        }

        return text.ToString();
    }
}
