using System.Collections.Immutable;
using System.Globalization;
using Sepal.Cli.Tables;
using Sepal.Inference;

namespace Sepal.Cli.Verbs;

/// <summary>What <c>sepal profile</c> says, as its JSON holds it.</summary>
/// <param name="Model">The model as it was named.</param>
/// <param name="Input">The extents of the first input, the batch first.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="Runs">How many runs the medians are of.</param>
/// <param name="RunMilliseconds">The median of a whole run.</param>
/// <param name="StepMilliseconds">The medians of the steps, added up.</param>
/// <param name="Macs">Multiply-adds of a run.</param>
/// <param name="Gflops">Two times the multiply-adds a second, over a whole run.</param>
/// <param name="PeakGflops">What the machine can do at most on so many threads.</param>
/// <param name="ShareOfPeak">The one divided by the other.</param>
/// <param name="Steps">The steps, in the order asked for.</param>
internal sealed record ProfileReport(
    string Model,
    long[] Input,
    int Threads,
    int Runs,
    double RunMilliseconds,
    double StepMilliseconds,
    long Macs,
    double Gflops,
    double PeakGflops,
    double ShareOfPeak,
    ImmutableArray<ProfileStep> Steps)
{
    /// <summary>Makes the report.</summary>
    /// <param name="model">The model as it was named.</param>
    /// <param name="profile">What was measured.</param>
    /// <param name="order">Which step comes first.</param>
    /// <returns>A table, a sentence and JSON.</returns>
    public static Report Of(string model, InferenceProfile profile, ProfileOrder order)
    {
        IEnumerable<ProfileStep> steps = profile.Steps.Select((step, index) => ProfileStep.Of(index, step, profile));
        var report = new ProfileReport(
            model,
            profile.Inputs.IsEmpty ? [] : [.. profile.Inputs[0].Shape.Select(dimension => dimension.Value)],
            profile.Threads,
            profile.Runs,
            profile.RunMilliseconds,
            profile.StepMilliseconds,
            profile.MultiplyAccumulates,
            profile.Gigaflops,
            profile.PeakGigaflops,
            profile.ShareOfPeak,
            [.. order == ProfileOrder.Time ? steps.OrderByDescending(step => step.Milliseconds) : steps]);
        return Report.Of(report, CliJson.Default.ProfileReport, [report.Table()], [report.Note()]);
    }

    private Table Table()
    {
        var table = new Table(
            new Column("Step", "step", IsNumeric: true),
            new Column("Node", "name"),
            new Column("Computes", "kinds"),
            new Column("Time ms", "milliseconds", IsNumeric: true),
            new Column("Of time", "shareOfTime", IsNumeric: true),
            new Column("MACs", "macs", IsNumeric: true),
            new Column("GFLOP/s", "gflops", IsNumeric: true),
            new Column("Of peak", "shareOfPeak", IsNumeric: true),
            new Column("Bytes", "bytes", IsNumeric: true),
            new Column("GB/s", "gigabytesPerSecond", IsNumeric: true),
            new Column("Parts", "parts", IsNumeric: true));
        foreach (ProfileStep step in Steps)
        {
            table.Add(
                (long)step.Step,
                step.Name,
                step.Computes,
                Cell.Number(step.Milliseconds, "F4"),
                Cell.Number(step.ShareOfTime, "P1"),
                step.Macs,
                Cell.Number(step.Gflops, "F1"),
                Cell.Number(step.ShareOfPeak, "P0"),
                step.Bytes,
                Cell.Number(step.GigabytesPerSecond, "F1"),
                (long)step.Parts);
        }

        return table;
    }

    private string Note()
    {
        string threads = Threads == 1 ? "1 thread" : string.Create(CultureInfo.InvariantCulture, $"{Threads} threads");
        string runs = Runs == 1 ? "of a single run" : string.Create(CultureInfo.InvariantCulture, $"the median of {Runs}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"A run on {threads} takes {RunMilliseconds:F3} ms, {runs}, and its steps {StepMilliseconds:F3} ms with a clock between them: "
            + $"{Macs:N0} MACs at {Gflops:F1} GFLOP/s, {ShareOfPeak:P0} of the {PeakGflops:F0} GFLOP/s that this machine does at most.");
    }
}

/// <summary>In which order steps are listed.</summary>
internal enum ProfileOrder
{
    /// <summary>As they run.</summary>
    Order,

    /// <summary>The longest first.</summary>
    Time,
}

/// <summary>One step.</summary>
/// <param name="Step">Its place among the steps of a run, from 0.</param>
/// <param name="Name">The node it belongs to.</param>
/// <param name="Action">What it does there.</param>
/// <param name="Kinds">What the nodes are that it computes, in their order.</param>
/// <param name="Nodes">The names of these nodes.</param>
/// <param name="Milliseconds">The median time.</param>
/// <param name="ShareOfTime">Its time divided by that of all steps.</param>
/// <param name="Macs">Multiply-adds.</param>
/// <param name="Gflops">Two times the multiply-adds a second.</param>
/// <param name="ShareOfPeak">Divided by what the machine can do at most.</param>
/// <param name="Bytes">Bytes read and written.</param>
/// <param name="GigabytesPerSecond">10⁹ of these a second.</param>
/// <param name="Parts">Into how many parts the work falls.</param>
internal sealed record ProfileStep(
    int Step,
    string Name,
    string Action,
    ImmutableArray<string> Kinds,
    ImmutableArray<string> Nodes,
    double Milliseconds,
    double ShareOfTime,
    long Macs,
    double Gflops,
    double ShareOfPeak,
    long Bytes,
    double GigabytesPerSecond,
    int Parts)
{
    /// <summary>What the table says it computes: the nodes that are fused, or what else is done for the node.</summary>
    internal string Computes => Action == "forward" && !Kinds.IsEmpty ? string.Join(" + ", Kinds) : Action;

    /// <summary>Makes the row of a step.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="step">What was measured.</param>
    /// <param name="profile">The whole of it.</param>
    /// <returns>The row.</returns>
    public static ProfileStep Of(int index, StepProfile step, InferenceProfile profile) => new(
        index,
        step.Name,
        step.Action,
        [.. step.Nodes.Select(node => node.Kind)],
        [.. step.Nodes.Select(node => node.Name)],
        step.Milliseconds,
        profile.StepMilliseconds > 0 ? step.Milliseconds / profile.StepMilliseconds : 0,
        step.MultiplyAccumulates,
        step.Gigaflops,
        step.Gigaflops / profile.PeakGigaflops,
        step.Bytes,
        step.GigabytesPerSecond,
        step.Parts);
}
