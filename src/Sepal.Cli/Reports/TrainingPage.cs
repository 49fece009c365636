using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Sepal.Cli.Classification;
using Sepal.Cli.Costs;
using Sepal.Cli.Training;
using Sepal.Costs;
using static System.FormattableString;
using static Sepal.Cli.Reports.Html;

namespace Sepal.Cli.Reports;

/// <summary>A training run as one self-contained page, for wide and narrow, light and dark screens.</summary>
internal static class TrainingPage
{
    private const int MostSkipped = 200;

    /// <summary>Renders the page.</summary>
    /// <param name="report">The figures.</param>
    /// <param name="judged">What was measured at the end, the test images where there are some; null where nothing was.</param>
    /// <param name="cost">What the model costs.</param>
    /// <returns>The file's text.</returns>
    public static string Render(TrainReport report, JudgedSet? judged, ModelCost cost) => Page(
        $"{ModelName(report)} on {report.Settings.Data}",
        Head(report, judged),
        Tiles(report, judged),
        Curves(report.Epochs),
        judged is null ? null : Element(
            "section",
            null,
            Element("h2", null, "What is taken for what"),
            Element("p", "note", Invariant($"The {judged.Confusion.Total:N0} {judged.Name} images: a row for each class that they show, a column for each that they were taken for.")),
            Element("div", "card scroll", ConfusionHeat.Render(judged.Confusion))),
        judged is null ? null : Section(
            "Class by class",
            "Precision: of the images taken for the class, the share that shows it. Recall: of the images that show it, the share taken for it. A click on a heading sorts.",
            SortableTable.Render(ConfusionTables.Classes(judged.Confusion))),
        judged is null ? null : Mistakes(judged),
        Element(
            "section",
            null,
            Element("h2", null, "What the model costs"),
            Element("p", "note", Invariant($"For one image: {cost.MultiplyAccumulates:N0} multiply-adds (MACs), with {cost.TrainableParameters:N0} parameters.")),
            CategoryColors.Legend(),
            ShareBars.Render(cost),
            Element("div", "card scroll tall apart", SortableTable.Render(LayerCostTable.Of(cost, depth: 1)))),
        Skipped(report),
        Element(
            "section",
            null,
            Element("h2", null, "How it was trained"),
            Element("dl", "card facts", TrainingFacts.Of(report).Select(fact => (object[])
            [
                Element("dt", null, fact.Name),
                Element("dd", null, fact.Text),
            ]))),
        Element("footer", null, "Made by sepal train. This page loads nothing from anywhere."),
        SortableTable.Script());

    private static string ModelName(TrainReport report) => Path.GetFileName(report.Settings.Model);

    private static XElement Head(TrainReport report, JudgedSet? judged) => Element(
        "header",
        null,
        Element("p", "eyebrow", $"sepal train · {report.Settings.Data}"),
        Element("h1", null, $"{ModelName(report)}, {report.ClassNames.Length} classes"),
        Element(
            "p",
            "verdict",
            judged is null
                ? Invariant($"Trained on {report.TrainImages:N0} images. No images were held out, so that nothing is known of its accuracy on others.")
                : Invariant($"Trained on {report.TrainImages:N0} images, it tells {judged.Confusion.Right:N0} of {judged.Confusion.Total:N0} {judged.Name} images rightly, {judged.Confusion.Accuracy:P2}.")),
        report.Skipped.IsEmpty ? null : Element("p", "warning", Invariant($"{report.Skipped.Length:N0} pictures could not be used and were skipped; they are named below.")));

    private static XElement Tiles(TrainReport report, JudgedSet? judged)
    {
        TrainingEpoch last = report.Epochs[^1];
        return Element(
            "dl",
            "tiles",
            judged is null
                ? Tile("accuracy while training", last.Accuracy.ToString("P2", CultureInfo.InvariantCulture))
                : Tile($"{judged.Name} accuracy", judged.Confusion.Accuracy.ToString("P2", CultureInfo.InvariantCulture)),
            Tile("parameters", Quantities.Short(report.Parameters)),
            Tile("multiply-adds for an image", Quantities.Short(report.Macs)),
            Tile(Invariant($"training, {report.Epochs.Length} {(report.Epochs.Length == 1 ? "epoch" : "epochs")}"), Duration(report.Seconds)));

        static XElement Tile(string label, string figure) => Element("div", null, Element("dd", null, figure), Element("dt", null, label));
    }

    private static string Duration(double seconds) => seconds switch
    {
        < 100 => Invariant($"{seconds:0.0} s"),
        < 6000 => Invariant($"{seconds / 60:0.0} min"),
        _ => Invariant($"{seconds / 3600:0.0} h"),
    };

    private static XElement Curves(ImmutableArray<TrainingEpoch> epochs)
    {
        bool isValidated = epochs[0].ValidationLoss is not null;
        var accuracy = new LineChart(
            "Accuracy after each epoch", "Epoch", "Accuracy (%)", Lines(row => 100 * row.Accuracy, row => 100 * row.ValidationAccuracy));
        var loss = new LineChart("Loss after each epoch", "Epoch", "Loss (nats)", Lines(row => row.Loss, row => row.ValidationLoss));
        return Element(
            "section",
            null,
            Element("h2", null, "How it learnt"),
            Element(
                "ul",
                "legend",
                Element("li", null, ChartLegend.Key(0, dashed: false), isValidated ? "validation images" : "while training"),
                isValidated ? Element("li", "note", ChartLegend.Key(0, dashed: true), "dashed: while training, where it is near enough to show") : null),
            Element(
                "div",
                "grid",
                Element("figure", "card", Element("figcaption", null, "Accuracy, higher is better"), accuracy.ToSvg("accuracy")),
                Element("figure", "card", Element("figcaption", null, "Loss, lower is better"), loss.ToSvg("loss"))));

        ImmutableArray<ChartLine> Lines(Func<TrainingEpoch, double> train, Func<TrainingEpoch, double?> validation)
        {
            var training = new ChartLine(0, [.. epochs.Select(row => ((double)row.Epoch, train(row)))], Dashed: isValidated);
            return isValidated
                ? [training, new ChartLine(0, [.. epochs.Where(row => validation(row) is not null).Select(row => ((double)row.Epoch, validation(row)!.Value))])]
                : [training];
        }
    }

    private static XElement Mistakes(JudgedSet judged) => Element(
        "section",
        null,
        Element("h2", null, "The worst mistakes"),
        judged.Mistakes.IsEmpty
            ? Element("p", "note", "There is none: every image was told rightly.")
            : Element("p", "note", "What the model was surest of, and wrong about. Some may be labelled wrongly, or show neither."),
        Element("div", "mistakes", judged.Mistakes.Select(mistake => Element(
            "figure",
            "card",
            Element("img", null, Attribute("src", mistake.Source), Attribute("alt", $"{mistake.Label}, taken for {mistake.Guess}"), Attribute("title", mistake.Name)),
            Element(
                "figcaption",
                null,
                Element("strong", null, mistake.Label),
                Element("span", null, Invariant($"taken for {mistake.Guess}, {mistake.Probability:P0}")),
                Element("small", null, Path.GetFileName(mistake.Name)))))));

    private static XElement? Skipped(TrainReport report)
    {
        if (report.Skipped.IsEmpty)
        {
            return null;
        }

        int more = report.Skipped.Length - MostSkipped;
        return Element(
            "section",
            null,
            Element("h2", null, "Skipped pictures"),
            Element("dl", "card facts skipped", report.Skipped.Take(MostSkipped).Select(image => (object[])
            [
                Element("dt", null, image.Path),
                Element("dd", null, image.Reason),
            ])),
            more > 0 ? Element("p", "note", Invariant($"And {more:N0} more.")) : null);
    }

    private static XElement Section(string heading, string note, XElement table) => Element(
        "section", null, Element("h2", null, heading), Element("p", "note", note), Element("div", "card scroll tall", table));
}
