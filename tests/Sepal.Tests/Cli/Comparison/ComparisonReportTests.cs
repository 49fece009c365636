using System.Collections.Immutable;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Sepal.Cli.Comparison;
using Sepal.Cli.Reports;
using Xunit;

namespace Sepal.Tests.Cli.Comparison;

public sealed partial class ComparisonReportTests
{
    [Fact]
    public void The_page_is_well_formed_and_loads_nothing()
    {
        string text = ComparisonPage.Render(SampleComparison.Make());
        XDocument page = Parse(text);

        Assert.StartsWith("<!DOCTYPE html>", text, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "link" or "iframe");
        Assert.All(
            page.Descendants().Attributes().Where(attribute => attribute.Name.LocalName is "src" or "href"),
            attribute => Assert.StartsWith("data:image/png;base64,", attribute.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("http", text, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"url\((?!#)", text);
    }

    [Fact]
    public void The_page_never_closes_an_element_in_a_way_that_HTML_does_not_know()
    {
        string text = ComparisonPage.Render(SampleComparison.Make());

        Assert.All(
            SelfClosed().Matches(text).Select(match => match.Groups[1].Value).Distinct(),
            tag => Assert.Contains(tag, (string[])["img", "meta", "wbr", "rect", "polyline", "polygon", "ellipse", "path", "g", "line"]));
    }

    [Fact]
    public void Ids_are_unique_and_every_clip_path_is_there()
    {
        XDocument page = Parse(ComparisonPage.Render(SampleComparison.Make()));
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];

        Assert.Equal(ids.Distinct(), ids);
        Assert.All(
            page.Descendants().Attributes("clip-path"),
            clip => Assert.Contains(clip.Value["url(#".Length..^1], ids));
    }

    [Fact]
    public void Charts_take_their_colours_from_the_style_sheet()
    {
        XElement[] charts = [.. Parse(ComparisonPage.Render(SampleComparison.Make())).Descendants("svg").Where(svg => (string?)svg.Attribute("class") == "chart")];

        Assert.Equal(2, charts.Length);
        Assert.All(charts, chart =>
        {
            string text = chart.ToString();
            Assert.DoesNotContain("rgb(", text, StringComparison.Ordinal);
            Assert.All(Enumerable.Range(0, 4), series => Assert.Contains($"var(--series-{series})", text, StringComparison.Ordinal));
            Assert.Contains(chart.Descendants("text"), label => label.Value == "Epoch");
        });
    }

    [Fact]
    public void Page_and_document_show_every_network_and_layer_with_invariant_numbers()
    {
        ComparisonResult result = SampleComparison.Make();
        string page = Parse(ComparisonPage.Render(result)).Root!.Value;
        string document = ComparisonDocument.Render(result);

        Assert.All(NetworkNames.All, name => Assert.Contains(name, page, StringComparison.Ordinal));
        Assert.All((string[])["2,424,960", "98.91 %", "0.112 ms", "476.3 KiB", result.Verdict, result.Summary], text =>
        {
            Assert.Contains(text, page, StringComparison.Ordinal);
            Assert.Contains(text, document, StringComparison.Ordinal);
        });
        Assert.All(result.Networks.SelectMany(network => network.Layers), layer => Assert.Contains(layer.Name, page, StringComparison.Ordinal));
        Assert.All(NetworkNames.All, name => Assert.Contains($"**{name}: ", document, StringComparison.Ordinal));
    }

    [Fact]
    public void What_comes_from_outside_is_escaped()
    {
        ComparisonResult result = SampleComparison.Make();
        string text = ComparisonPage.Render(result with { Data = result.Data with { Name = "a<script>alert('&')</script>\"b" } });

        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
        Assert.Contains("a<script>alert('&')</script>\"b", Parse(text).Root!.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void An_unfinished_comparison_is_shown_as_such(int finished)
    {
        ComparisonResult whole = SampleComparison.Make();
        ComparisonResult result = whole with { Complete = false, Networks = whole.Networks[..finished] };

        Assert.Contains($"has finished {finished} of 4", Parse(ComparisonPage.Render(result)).Root!.Value, StringComparison.Ordinal);
        Assert.NotEmpty(ComparisonDocument.Render(result));
    }

    [Fact]
    public void Flat_curves_and_layers_without_any_time_can_be_drawn()
    {
        ComparisonResult whole = SampleComparison.Make();
        ImmutableArray<NetworkResult> networks =
        [
            .. whole.Networks.Select(network => network with
            {
                Epochs = [new EpochRow(1, 0, 1, 0, 1, 0)],
                Layers = [.. network.Layers.Select(layer => layer with { Milliseconds = 0 })],
                Pictures = null,
            }),
        ];
        string text = ComparisonPage.Render(whole with { Networks = networks });

        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Infinity", text, StringComparison.Ordinal);
    }

    private static XDocument Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    [GeneratedRegex("<([a-zA-Z0-9]+)[^<>]*/>")]
    private static partial Regex SelfClosed();
}
