using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Tables;
using Sepal.Costs;
using Sepal.Graphs;
using static System.FormattableString;

namespace Sepal.Cli.Verbs;

/// <summary>What <c>sepal cost</c> says about one convolution, as its JSON holds it.</summary>
internal sealed record CostReport(
    long[] Input,
    long[] Output,
    CostReport.Form[] Layers,
    double ParameterRatio,
    double MacRatio,
    double ClosedForm,
    int Filters,
    int[] Kernel,
    int[] Strides,
    string Padding,
    int[] Dilation,
    int DepthMultiplier,
    bool Bias)
{
    /// <summary>Makes the report.</summary>
    /// <param name="comparison">What it is about.</param>
    /// <returns>Tables, sentences and JSON.</returns>
    public static Report Of(SeparableComparison comparison)
    {
        ConvolutionSetting setting = comparison.Setting;
        var json = new CostReport(
            Numbers(setting.Input),
            Numbers(comparison.Standard.Output),
            [.. comparison.Forms.Select(form => new Form(form.Name, form.Parameters, form.MultiplyAccumulates, Numbers(form.Output)))],
            comparison.ParameterRatio,
            comparison.MacRatio,
            comparison.ClosedForm,
            setting.Filters,
            Pair(setting.KernelSize),
            Pair(setting.Strides),
            setting.Padding.Mode == PaddingMode.Explicit
                ? setting.Padding.Top.ToString(CultureInfo.InvariantCulture)
                : setting.Padding.ToString(),
            Pair(setting.DilationRate),
            setting.DepthMultiplier,
            setting.UseBias);
        return Report.Of(json, CliJson.Default.CostReport, [FormsTable(comparison), RatioTable(comparison)], Notes(comparison));
    }

    private static Table FormsTable(SeparableComparison comparison)
    {
        var table = new Table(
            new Column("Convolution", "name"),
            new Column("Parameters", "parameters", IsNumeric: true),
            new Column("MACs", "macs", IsNumeric: true),
            new Column("Output", "output", IsNumeric: true));
        foreach (ConvolutionForm form in comparison.Forms)
        {
            table.Add(form.Name, form.Parameters, form.MultiplyAccumulates, Cell.Extents(Numbers(form.Output)));
        }

        return table;
    }

    private static Table RatioTable(SeparableComparison comparison)
    {
        var table = new Table(
            new Column("Separable / standard", "ratio"),
            new Column("Counted", "counted", IsNumeric: true),
            new Column("Closed form", "closedForm", IsNumeric: true));
        Cell closedForm = Cell.Number(comparison.ClosedForm, "F3");
        table.Add("parameters", Cell.Number(comparison.ParameterRatio, "F3"), closedForm);
        table.Add("MACs", Cell.Number(comparison.MacRatio, "F3"), closedForm);
        return table;
    }

    private static ImmutableArray<string> Notes(SeparableComparison comparison)
    {
        ConvolutionSetting setting = comparison.Setting;
        (Size2D kernel, int m) = (setting.KernelSize, setting.DepthMultiplier);
        string symbols = (m, kernel.Height == kernel.Width) switch
        {
            (1, true) => "1/N + 1/k²",
            (1, false) => "1/N + 1/(kh·kw)",
            (_, true) => "m/N + m/k²",
            _ => "m/N + m/(kh·kw)",
        };
        double ratio = comparison.MacRatio;
        string verdict = ratio switch
        {
            < 1 => Invariant($"{1 / ratio:F1} times fewer"),
            1 => "as many",
            _ => Invariant($"{ratio:F1} times more"),
        };
        string numbers = Invariant($"{m}/{setting.Filters} + {m}/{kernel.Area} = {comparison.ClosedForm:F3}");
        string bias = setting.UseBias ? " The bias counts as parameters, and is left out of the closed form." : string.Empty;
        return
        [
            Invariant($"For one {string.Join('×', setting.Input)} image the separable convolution takes ")
            + Invariant($"{comparison.Separable.MultiplyAccumulates:N0} multiply-adds (MACs) where the standard one takes ")
            + Invariant($"{comparison.Standard.MultiplyAccumulates:N0}: {verdict}."),
            $"The closed form is {symbols} = {numbers}.{bias}",
        ];
    }

    private static long[] Numbers(Shape shape) => [.. shape.Select(dimension => dimension.Value)];

    private static int[] Pair(Size2D size) => [size.Height, size.Width];

    /// <summary>One form of the convolution, or one step of it.</summary>
    internal sealed record Form(string Name, long Parameters, long Macs, long[] Output);
}
