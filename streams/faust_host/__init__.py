"""The worker: Faust with a transport, a store and a group of ours."""
