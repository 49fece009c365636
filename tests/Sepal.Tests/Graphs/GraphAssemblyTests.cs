using Sepal.Graphs;
using Sepal.Operators;
using Xunit;

namespace Sepal.Tests.Graphs;

public sealed class GraphAssemblyTests
{
    private static readonly Operator Relu = new Unary(UnaryFunction.Relu);

    [Fact]
    public void Sorts_nodes_given_in_any_order()
    {
        Graph graph = Assemble(["c"], Node("c", "b", "a"), Node("b", "a"), Node("a", "image"));
        Assert.Equal(["a", "b", "c"], graph.Nodes.Select(node => node.Name));
    }

    [Fact]
    public void Sorts_any_order_of_a_random_graph()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            NodeDefinition[] definitions = [.. Enumerable.Range(0, 40).Select(index =>
                Node($"n{index}", index == 0 ? "image" : $"n{random.Next(index)}", index == 0 ? "image" : $"n{random.Next(index)}"))];
            random.Shuffle(definitions);
            Graph graph = Assemble([.. definitions.Select(definition => definition.Name)], definitions);
            var seen = new HashSet<string> { "image" };
            foreach (Node node in graph.Nodes)
            {
                Assert.All(node.Inputs, input => Assert.True(seen.Contains(input.Name), $"seed {seed}: {node.Name} comes before {input.Name}"));
                seen.Add(node.Name);
            }
        }
    }

    [Fact]
    public void Does_not_overflow_the_stack_on_a_long_chain()
    {
        NodeDefinition[] chain = [.. Enumerable.Range(0, 20_000).Select(index => Node($"n{index}", index == 0 ? "image" : $"n{index - 1}")).Reverse()];
        Assert.Equal(20_000, Assemble(["n19999"], chain).Nodes.Length);
    }

    [Fact]
    public void A_cycle_is_shown_as_a_path()
    {
        string message = Error(["c"], Node("a", "image", "c"), Node("b", "a"), Node("c", "b"));
        Assert.Contains("cycle", message, StringComparison.Ordinal);
        Assert.Contains("a → b → c → a", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_reads_itself_is_a_cycle() =>
        Assert.Contains("a → a", Error(["a"], Node("a", "a")), StringComparison.Ordinal);

    [Fact]
    public void A_missing_input_is_named_with_its_reader()
    {
        string message = Error(["b"], Node("b", "nowhere"));
        Assert.Contains("'b' (Relu) reads 'nowhere'", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_output_that_a_node_does_not_have_is_missing() =>
        Assert.Contains("'a:1'", Error(["b"], Node("a", "image"), Node("b", "a:1")), StringComparison.Ordinal);

    [Theory]
    [InlineData("a")]
    [InlineData("image")]
    public void A_name_used_twice_is_named(string name) =>
        Assert.Contains($"'{name}'", Error(["a"], Node("a", "image"), Node(name, "image")), StringComparison.Ordinal);

    [Fact]
    public void An_output_that_nobody_makes_is_named() =>
        Assert.Contains("'nowhere'", Error(["nowhere"], Node("a", "image")), StringComparison.Ordinal);

    private static string Error(string[] outputs, params NodeDefinition[] definitions) =>
        Assert.Throws<GraphException>(() => Assemble(outputs, definitions)).Message;

    private static Graph Assemble(string[] outputs, params NodeDefinition[] definitions)
    {
        var builder = new GraphBuilder();
        Value image = builder.Input("image", new TensorSpec([Dimension.Batch, 4]));
        return GraphAssembly.Assemble(builder, definitions, [image], outputs);
    }

    private static NodeDefinition Node(string name, params string[] inputs) =>
        new(name, inputs.Length == 1 ? Relu : new Binary(BinaryFunction.Add), [.. inputs]);
}
