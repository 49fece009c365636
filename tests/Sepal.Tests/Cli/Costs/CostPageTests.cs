using System.Xml.Linq;
using Google.Protobuf;
using Sepal.Graphs;
using Sepal.Tests.Onnx;
using Xunit;

namespace Sepal.Tests.Cli.Costs;

/// <summary>The page that <c>sepal cost --html</c> writes.</summary>
public sealed class CostPageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("mobilenet-v2", 23)]
    [InlineData("resnet18", 43)]
    [InlineData("shufflenet-v2-1.0", 21)]
    public void It_is_well_formed_and_shows_every_layer(string model, int boxes)
    {
        XElement page = Page(model);
        Assert.Equal(["table.sortable"], Sorted(page));
        string csv = CommandLine.Run($"cost {model} --format csv").Output;
        Assert.Equal(csv.TrimEnd().Split('\n').Length - 1, page.Descendants("tbody").Last().Elements("tr").Count());
        Assert.Equal(boxes, page.Descendants("g").Count(group => (string?)group.Attribute("class") == "box"));
        Assert.NotEmpty(page.Descendants("svg").Where(svg => (string?)svg.Attribute("class") == "chart").Descendants("text"));
    }

    [Fact]
    public void It_loads_nothing_and_its_names_are_escaped()
    {
        string file = _directory.File("odd.onnx");
        File.WriteAllBytes(file, new OnnxModelBuilder()
            .Input("x", ElementType.Float32, 1, 3, 4, 4)
            .Node("Relu", "x", "<b>&\"y'</script>")
            .Output("<b>&\"y'</script>").Model.ToByteArray());
        string text = Text(file);
        Assert.DoesNotContain("<b>", text, StringComparison.Ordinal);
        Assert.Single(text.Split("</script>").Skip(1));
        Assert.DoesNotContain("http", text, StringComparison.Ordinal);
        Assert.DoesNotContain("src=", text, StringComparison.Ordinal);
        Assert.DoesNotContain("href", text, StringComparison.Ordinal);
        Assert.DoesNotContain("url(http", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Shares_of_every_bar_add_up()
    {
        foreach (XElement bar in Page("mobilenet-v1").Descendants("div").Where(div => (string?)div.Attribute("class") == "share-bar"))
        {
            double sum = bar.Elements("span").Sum(span => double.Parse(
                span.Attribute("style")!.Value.Split("width:")[1].Split('%')[0], System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(100, sum, 0.1);
        }
    }

    [Fact]
    public void A_page_that_cannot_be_written_is_one_line()
    {
        (int exitCode, _, string error) = CommandLine.Run($"cost mobilenet-v1 --machine peak=1G,bandwidth=1G --html {_directory.File("no/such/page.html")}");
        Assert.Equal(2, exitCode);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private static string[] Sorted(XElement page) => page.Descendants("table")
        .Select(table => $"table.{(string?)table.Attribute("class")}").ToArray();

    private XElement Page(string model) => XDocument.Parse(Text(model).Replace("<!DOCTYPE html>", string.Empty, StringComparison.Ordinal)).Root!;

    private string Text(string model)
    {
        string path = _directory.File("page.html");
        (int exitCode, _, string error) = CommandLine.Run($"cost {model} --machine peak=200G,bandwidth=20G --html {path}");
        Assert.Equal((0, string.Empty), (exitCode, error));
        return File.ReadAllText(path);
    }
}
