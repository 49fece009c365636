using System.Collections.Immutable;
using Sepal.Cli.Tables;

namespace Sepal.Cli.Costs;

/// <summary>What <c>sepal cost</c> says about changes of a model, as its JSON holds it.</summary>
/// <param name="Model">The file or the architecture.</param>
/// <param name="Input">The first input's shape, without the batch.</param>
/// <param name="Batch">Images in the batch.</param>
/// <param name="Separation">With separable convolutions; null where not asked for.</param>
/// <param name="Deeper">With more layers; null where not asked for.</param>
/// <param name="Scaled">At other widths and resolutions; null where not asked for.</param>
internal sealed record WhatIfReport(
    string Model, long[] Input, int Batch, SeparationReport? Separation, DeeperReport[]? Deeper, ScaledReport[]? Scaled)
{
    /// <summary>Makes the report.</summary>
    /// <param name="answer">What was asked for.</param>
    /// <returns>Tables, sentences and JSON.</returns>
    public static Report Of(WhatIf answer)
    {
        var json = new WhatIfReport(
            answer.Model.Name,
            answer.Model.Input,
            answer.Model.Cost.Batch,
            answer.Separation is { } separation ? SeparationReport.Of(separation) : null,
            answer.Deeper.IsEmpty ? null : [.. answer.Deeper.Select(DeeperReport.Of)],
            answer.Scaled.IsEmpty ? null : [.. answer.Scaled.Select(scaled => ScaledReport.Of(scaled, answer.Model.Source.IsFile))]);
        ImmutableArray<Table> tables =
        [
            .. json.Separation?.Tables() ?? [],
            .. json.Deeper is null ? [] : (Table[])[DeeperReport.Table(json.Deeper)],
            .. json.Scaled is null ? [] : (Table[])[ScaledReport.Table(json.Scaled)],
        ];
        ImmutableArray<string> notes =
        [
            .. json.Separation?.Notes() ?? [],
            .. json.Deeper is null ? [] : (string[])[DeeperReport.Note(json.Deeper)],
        ];
        return Report.Of(json, CliJson.Default.WhatIfReport, tables, notes);
    }
}
