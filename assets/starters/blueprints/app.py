from flask import Flask

from users import users_bp

app = Flask(__name__)
app.register_blueprint(users_bp, url_prefix="/api")


@app.get("/")
def index():
    return '<p>The users are at <a href="/api/users">/api/users</a>.</p>'


if __name__ == "__main__":
    app.run(debug=True)
